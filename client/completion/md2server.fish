# Tab for md2server, in fish. tests/e2e/completion_test.cc compares the words with the program's own.

complete -c md2server -f
complete -c md2server -l listen -x -d 'HOST:PORT to listen on'
complete -c md2server -l log -r -F -d 'the diary'
complete -c md2server -l keys -r -F -d 'the keys that open it'
complete -c md2server -l until-idle -d 'leave when the last client has left, or when none came for 10 s'
complete -c md2server -l new-key -x -d 'add a key for another device, print the line to copy there, and leave'
complete -c md2server -l write-only -d 'that key writes entries, and neither reads the diary nor corrects it'
complete -c md2server -l purge -d 'make the corrections of a diary that is not served final'
complete -c md2server -s h -l help -d 'print the usage'
complete -c md2server -l version -d 'print the version'
