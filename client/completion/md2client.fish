# Tab for md2client, in fish. tests/e2e/completion_test.cc compares the words with the program's own.

# The words up to the command, without it; and the command.
function __md2client_parts --argument-names wanted
    set --local words (commandline --tokenize --cut-at-cursor --current-process)
    set --local before $words[1]
    set --erase words[1]
    while set --query words[1]
        switch $words[1]
            case -s -k --server --key --outbox
                set --append before $words[1..2]
                set --erase words[1..2]
            case '-*'
                set --append before $words[1]
                set --erase words[1]
            case '*'
                break
        end
    end
    if test $wanted = command
        echo $words[1]
    else
        printf '%s\n' $before
    end
end

function __md2client_is
    contains -- (__md2client_parts command) $argv
end

function __md2client_diaries
    set --query XDG_CONFIG_HOME[1]; or set --local XDG_CONFIG_HOME $HOME/.config
    sed -n 's/^[[:blank:]]*\[\([^]]*\)\].*/\1/p' $XDG_CONFIG_HOME/md2/config 2>/dev/null
end

# What the program says within the time that nobody feels. Who never had a diary gets none made by Tab.
function __md2client_tags
    set --query XDG_STATE_HOME[1]; or set --local XDG_STATE_HOME $HOME/.local/state
    test -d $XDG_STATE_HOME/md2; or return
    timeout 0.05 (__md2client_parts before) tags </dev/null 2>/dev/null | sed -n 's/^ *[0-9]*  #/#/p'
end

# There are many weekdays: for who has typed something.
function __md2client_weekdays
    test -n (commandline --current-token); or return
    string split -- ' ' 'monday tuesday wednesday thursday friday saturday sunday 周一 周二 周三 周四 周五 周六 周日 周天' \
        '星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 礼拜一 礼拜二 礼拜三 礼拜四 礼拜五 礼拜六 礼拜日 礼拜天'
end

function __md2client_query
    if string match --quiet -- '*#*' (commandline --current-token)
        __md2client_tags
        return
    end
    string split -- ' ' 'today yesterday this-week last-week this-month last-month this-year last-year on-this-day' \
        '今天 昨天 前天 大前天 本周 这周 上周 上星期 上个星期 上礼拜 本月 这个月 上月 上个月 今年 去年 那年今日' '-10 -7d -2w -3m'
    __md2client_weekdays
end

complete -c md2client -f
complete -c md2client -n '__md2client_is ""' -s s -l server -x -a '(__md2client_diaries)' \
    -d 'HOST:PORT of a server, or a name that the configuration gives a diary'
complete -c md2client -n '__md2client_is ""' -s k -l key -r -F -d 'the key'
complete -c md2client -n '__md2client_is ""' -l outbox -x -a '(__fish_complete_directories)' -d 'what could not be sent yet'
complete -c md2client -n '__md2client_is ""' -s h -l help -d 'print the usage'
complete -c md2client -n '__md2client_is ""' -l version -d 'print the version'
complete -c md2client -n '__md2client_is ""' -a write -d 'one entry: TEXT, or all of standard input'
complete -c md2client -n '__md2client_is ""' -a read -d 'the diary, or what matches QUERY'
complete -c md2client -n '__md2client_is ""' -a edit -d 'the last entry, or what matches QUERY, in $EDITOR'
complete -c md2client -n '__md2client_is ""' -a delete -d 'strikes out what matches QUERY, asking for each'
complete -c md2client -n '__md2client_is ""' -a tags -d 'how many entries have each tag'
complete -c md2client -n '__md2client_is ""' -a cal -d 'on which days something was written, and how much'
complete -c md2client -n '__md2client_is ""' -a stats -d 'how much was written, since when, how regularly'
complete -c md2client -n '__md2client_is ""' -a status -d 'the server, the key, the diary, what waits for it'
complete -c md2client -n '__md2client_is ""' -a import -d 'an old diary, with its dates, and none doubled'
complete -c md2client -n '__md2client_is ""' -a announce -d 'a line to everybody who is at a prompt'
complete -c md2client -n '__md2client_is write' -l at -x -d 'the time of the entry: a day, HH:MM[:SS] or both' \
    -a 'today yesterday 今天 昨天 前天 大前天 (__md2client_weekdays)'
complete -c md2client -n '__md2client_is read' -l json -d 'one JSON object a line'
complete -c md2client -n '__md2client_is read' -l html -d 'one file for any browser'
complete -c md2client -n '__md2client_is read' -l follow -d 'go on with each new entry as it is saved'
complete -c md2client -n '__md2client_is read edit' -l all -d 'corrections and what was struck out as well'
complete -c md2client -n '__md2client_is edit delete' -l yes -d 'strike out without asking'
complete -c md2client -n '__md2client_is import' -F
complete -c md2client -n '__md2client_is import' -l from -x -a 'diary jrnl json org dated paragraphs' -d 'what it is'
complete -c md2client -n '__md2client_is import' -l encoding -x -a '(iconv -l 2>/dev/null | string replace -r "//.*" "")' \
    -d 'what it is in, by its name for iconv(1)'
complete -c md2client -n '__md2client_is import' -l dry-run -d 'only say what would be imported'
complete -c md2client -n '__md2client_is import' -l again -d 'also paragraphs whose text the diary holds'
complete -c md2client -n '__md2client_is read edit delete tags cal stats' -k -a '(__md2client_query)'
