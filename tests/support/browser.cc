#include "tests/support/browser.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "common/text/character.h"
#include "tests/support/deadline.h"
#include "tests/support/files.h"

namespace md2::test {
namespace {

using nlohmann::json;

constexpr std::string_view message_end("\0", 1);

/// Of keys that type nothing: what DevTools calls windowsVirtualKeyCode.
const std::map<std::string, int> named_keys{{"Escape", 27},  {"Enter", 13},      {"Tab", 9},        {"ArrowLeft", 37},
                                            {"ArrowUp", 38}, {"ArrowRight", 39}, {"ArrowDown", 40}, {"Backspace", 8}};

/// OpenSSL's decoder wants whole lines; this one takes what DevTools gives.
std::string from_base64(const std::string& text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char letter : text) {
    const std::size_t value = letters.find(letter);
    if (value == letters.npos) break;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

}  // namespace

bool Browser::installed() {
  const Sandbox sandbox;
  return !sanitized() && run(sandbox, {"sh", "-c", "command -v chromium"}).status == 0;
}

Command Browser::command(const Sandbox& sandbox, const Look& look) {
  // The pipe is at 3 and 4. Root has no sandbox of Chromium's, and a test's machine no bus and no graphics.
  const std::string flags = fmt::format(
      "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-background-networking "
      "--disable-component-update --user-data-dir='{}' --accept-lang={} --lang={} --remote-debugging-pipe",
      sandbox.path("chromium"), look.language, look.language);
  return {"sh", "-c", fmt::format("exec chromium {} about:blank 3<&0 4>&1 </dev/null >/dev/null", flags)};
}

Browser::Browser(const Sandbox& sandbox, const Look& look)
    : program_(sandbox, command(sandbox, look), Program::Input::pipe) {
  const std::string target = call("Target.createTarget", {{"url", "about:blank"}}).at("targetId");
  const json attached = call("Target.attachToTarget", {{"targetId", target}, {"flatten", true}});
  session_ = attached.at("sessionId");
  for (const std::string domain : {"Page", "Runtime", "Network", "Log", "Audits"})
    call(domain + ".enable", json::object());
  show_as(look);
}

/// Its processes end with it, before the folder that they write to goes away.
Browser::~Browser() {
  try {
    session_.clear();
    call("Browser.close", json::object());
    program_.wait();
  } catch (const std::exception&) {
    program_.signal(SIGKILL);
  }
}

void Browser::show_as(const Look& look) {
  call("Emulation.setDeviceMetricsOverride",
       {{"width", look.width}, {"height", look.height}, {"deviceScaleFactor", 1}, {"mobile", look.width < 600}});
  const json scheme = {{"name", "prefers-color-scheme"}, {"value", look.dark ? "dark" : "light"}};
  call("Emulation.setEmulatedMedia", {{"features", json::array({scheme})}});
  if (!look.scripts) call("Emulation.setScriptExecutionDisabled", {{"value", true}});
}

void Browser::open(const std::string& path, const std::string& fragment) {
  loaded_ = false;
  const json answer = call("Page.navigate", {{"url", "file://" + path + fragment}});
  if (answer.contains("errorText")) throw Failure("no page: " + answer.at("errorText").get<std::string>());
  while (answer.contains("loaderId") && !loaded_) hear(next_message());
}

json Browser::evaluate(const std::string& expression) {
  const json answer =
      call("Runtime.evaluate", {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  if (answer.contains("exceptionDetails")) throw Failure(expression + ": " + answer.at("exceptionDetails").dump());
  return answer.at("result").value("value", json());
}

void Browser::wait_until(const std::string& expression) {
  const auto milliseconds = patience().count();
  const std::string watch = fmt::format(
      "new Promise((done) => {{ const look = (left) => ({0}) ? done(true) : left <= 0 ? done(false) : "
      "setTimeout(look, 10, left - 10); look({1}); }})",
      expression, milliseconds / 2);
  if (evaluate(watch) != true) throw Failure("the page never had: " + expression);
}

void Browser::type(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_at(text, at).length;
    const std::string letter = text.substr(at, length);
    length == 1 ? press(letter) : static_cast<void>(call("Input.insertText", {{"text", letter}}));
    at += length;
  }
}

void Browser::press(const std::string& key) {
  json event = {{"type", "keyDown"}, {"key", key}};
  const auto named = named_keys.find(key);
  if (named != named_keys.end()) {
    event["code"] = key;
    event["windowsVirtualKeyCode"] = named->second;
  }
  const std::string text = key == "Enter" ? "\r" : named == named_keys.end() ? key : "";
  if (!text.empty()) event["text"] = text;
  call("Input.dispatchKeyEvent", event);
  event["type"] = "keyUp";
  event.erase("text");
  call("Input.dispatchKeyEvent", event);
}

void Browser::click(const std::string& selector) {
  const json where =
      evaluate(fmt::format("(() => {{ const r = document.querySelector({}).getBoundingClientRect(); "
                           "return [r.x + r.width / 2, r.y + r.height / 2]; }})()",
                           json(selector).dump()));
  json event = {
      {"type", "mousePressed"}, {"x", where.at(0)}, {"y", where.at(1)}, {"button", "left"}, {"clickCount", 1}};
  call("Input.dispatchMouseEvent", event);
  event["type"] = "mouseReleased";
  call("Input.dispatchMouseEvent", event);
}

void Browser::picture(const std::string& path) {
  write_file(path, from_base64(call("Page.captureScreenshot", {{"format", "png"}}).at("data")));
}

void Browser::print(const std::string& path) {
  write_file(path, from_base64(call("Page.printToPDF", json::object()).at("data")));
}

json Browser::call(const std::string& method, const json& parameters) {
  json message = {{"id", ++calls_}, {"method", method}, {"params", parameters}};
  if (!session_.empty()) message["sessionId"] = session_;
  program_.write(message.dump() + std::string(message_end));
  for (;;) {
    json answer = next_message();
    if (!answer.contains("id")) {
      hear(answer);
      continue;
    }
    if (answer.at("id") != calls_) continue;
    if (answer.contains("error")) throw Failure(method + ": " + answer.at("error").dump());
    return answer.at("result");
  }
}

json Browser::next_message() {
  const std::string all = program_.expect(message_end);
  const std::size_t end = all.size() - message_end.size();
  const std::size_t before = all.rfind('\0', end - 1);
  const std::size_t begin = before == all.npos ? 0 : before + 1;
  return json::parse(all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end));
}

void Browser::hear(const json& event) {
  const std::string method = event.value("method", "");
  const json parameters = event.value("params", json::object());
  if (method == "Page.loadEventFired") loaded_ = true;
  if (method == "Network.requestWillBeSent") requests_.push_back(parameters.at("request").at("url"));
  const std::string complaints[] = {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded",
                                    "Audits.issueAdded", "Page.javascriptDialogOpening"};
  if (std::find(std::begin(complaints), std::end(complaints), method) != std::end(complaints))
    complaints_.push_back(method + ' ' + parameters.dump());
}

}  // namespace md2::test
