"use strict";

// What the page says, in the reader's language: English or Chinese. Days, times and numbers are put into words by the
// browser, in any language. All of them are those of the writer's clock, as the header of the entry has them.

const locale = navigator.language || "en";

const inEnglish = {
  diary: "Diary",
  search: "Search: words, #tag, 2015-10, -without",
  newestFirst: "Newest first",
  oldestFirst: "Oldest first",
  years: "Calendar",
  undated: "Without a date",
  nothing: "Nothing found",
  corrected: "corrected",
  struck: "struck out",
  corrects: "corrects",
  selection: "What was chosen",
  cut: "This file was cut short: what follows the last entry is missing.",
  made: (when, version) => `Made on ${when} by md2 ${version}`,
  keys: "/ searches, j and k go from entry to entry, Escape clears",
  entries: (count, number) => (count === 1 ? "1 entry" : `${number} entries`),
  days: (count, number) => (count === 1 ? "1 day" : `${number} days`),
  onDays: (entries, days) => `${entries} on ${days}`,
  ofEntries: (found, all) => `${found} of ${all}`,
};

const inChinese = {
  diary: "日记",
  search: "搜索：词语、#标签、2015-10、-不含",
  newestFirst: "新的在前",
  oldestFirst: "旧的在前",
  years: "日历",
  undated: "没有日期",
  nothing: "没有找到",
  corrected: "已更正",
  struck: "已划去",
  corrects: "更正",
  selection: "选取的内容",
  cut: "文件不完整：最后一条之后的内容缺失。",
  made: (when, version) => `由 md2 ${version} 制作于 ${when}`,
  keys: "/ 搜索，j、k 逐条移动，Esc 清除",
  entries: (count, number) => `${number} 条`,
  days: (count, number) => `${number} 天`,
  onDays: (entries, days) => `${days}，${entries}`,
  ofEntries: (found, all) => `${all} 条中的 ${found}`,
};

const chinese = locale.toLowerCase().startsWith("zh");
const say = chinese ? inChinese : inEnglish;

const numbers = new Intl.NumberFormat(locale);
const entriesText = (count) => say.entries(count, numbers.format(count));
const daysText = (count) => say.days(count, numbers.format(count));

// A moment as the writer's clock showed it stands in a Date as if it were UTC.
const inWords = (options) => {
  const format = new Intl.DateTimeFormat(locale, { calendar: "gregory", timeZone: "UTC", ...options });
  return (written) => format.format(new Date(written.slice(0, 19) + "Z"));
};
const dayText = inWords({ weekday: "long", year: "numeric", month: "long", day: "numeric" });
const timeText = inWords({ hour: "numeric", minute: "2-digit" });
const momentText = inWords({ dateStyle: "long", timeStyle: "medium" });
const monthText = inWords({ month: "short" });
const yearText = inWords({ year: "numeric" });

// 1 is Monday, as in ISO 8601, which is also what is taken where the browser does not tell.
const firstWeekday = (() => {
  try {
    const region = new Intl.Locale(locale);
    return (region.getWeekInfo ? region.getWeekInfo() : region.weekInfo).firstDay || 1;
  } catch {
    return 1;
  }
})();
