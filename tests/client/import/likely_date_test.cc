#include "client/import/likely_date.h"

#include <doctest/doctest.h>

using namespace md2;

TEST_CASE("a date that can't be read is known by its look, whatever is missing of it") {
  for (const char* const line : {"3月5日 晴",
                                 "三月五日 晴",
                                 "三月五日",
                                 "3月5号（周二）",
                                 "19年3月5日",
                                 "一九年三月五日 雨",
                                 "2019年2月30日 雨",
                                 "2019年13月1日",
                                 "二〇一九年二月三十日我",
                                 "２０１９年２月３０日",
                                 "民国八年三月五日",
                                 "农历二〇一九年正月初五日",
                                 "05/03/2019",
                                 "05/03/2019晴",
                                 "5.3.2019 rain",
                                 "2019-02-30",
                                 "2019/13/05 x",
                                 "2019-13-05: x",
                                 "20190305 晴",
                                 "[05.03.2019 21:26] x",
                                 "【2019年3月5日】",
                                 "Tue, 05/03/2019",
                                 "## 5 March",
                                 "Tue 5 Mar",
                                 "Tue, March 5, rain",
                                 "30 February 2019",
                                 "February 30, 2019 rain",
                                 "31-Apr-2019",
                                 "5 March: rain",
                                 "**2019-03-05**",
                                 "日期：2019年3月5日"}) {
    CAPTURE(line);
    CHECK(likely_date(line) == LikelyDate::heading);
  }
}

TEST_CASE("what begins like a date and may be a sentence is told from what hardly can") {
  for (const char* const line : {"3月5日，我们去了", "3月8日是妇女节", "八月十五 中秋", "腊月廿三", "15日 晴", "十五号",
                                 "2019年3月", "05/03/19: x", "19.3.5 晴", "19.03.05", "12-5-19", "3/5", "3/5 晴",
                                 "3/5 周二", "03-05 晴", "March 5, rain", "20001231 reward points"}) {
    CAPTURE(line);
    CHECK(likely_date(line) == LikelyDate::sentence);
  }
}

TEST_CASE("sentences, versions, addresses and numbers are no dates") {
  for (const char* const line : {"",
                                 "1.2.3 is out",
                                 "10.0.0.1",
                                 "5 apples",
                                 "May 5 people come?",
                                 "March",
                                 "1/2 cup",
                                 "3月",
                                 "3个月",
                                 "2019",
                                 "127.0.0.1:5000",
                                 "一月内要交",
                                 "十日谈",
                                 "1号线",
                                 "三天",
                                 "2019年的事",
                                 "2019年3月去了",
                                 "12345678",
                                 "20191305 x",
                                 "99/99/2019",
                                 "正好",
                                 "初见",
                                 "3.5 kg",
                                 "　　2019年3月5日，我",
                                 "二十",
                                 "日记",
                                 "03-05-"}) {
    CAPTURE(line);
    CHECK(likely_date(line) == LikelyDate::no);
  }
}
