#include "common/net/channel.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <new>

#include "common/net/byte_queue.h"
#include "common/os/language.h"

namespace md2 {
namespace {

constexpr std::size_t max_record = std::size_t{16} << 10;  ///< bytes of plaintext (RFC 8446, 5.1)
constexpr std::size_t record_overhead = 5 + 1 + 16;        ///< header, content type, tag
constexpr char handshake_record = 0x16;
constexpr char alert_record = 0x15;

/// What the peer sent and was not decrypted yet, and what is encrypted and was not sent yet.
struct Wire {
  ByteQueue received;
  ByteQueue outgoing;
  bool resting = false;  ///< nothing more is given to OpenSSL by now: see Channel::read()
};

// A memory BIO over a Wire. OpenSSL's own (BIO_s_mem) never shrinks, can't be drained without a copy, and moves all
// that is left at each write.

int bio_write(BIO* bio, const char* from, std::size_t size, std::size_t* written) noexcept {
  static_cast<Wire*>(BIO_get_data(bio))->outgoing.append({from, size});
  *written = size;
  return 1;
}

int bio_read(BIO* bio, char* to, std::size_t size, std::size_t* got) noexcept {
  Wire& wire = *static_cast<Wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  *got = wire.resting ? 0 : wire.received.view().copy(to, size);
  wire.received.drop(*got);
  if (*got == 0) BIO_set_retry_read(bio);
  return *got > 0 ? 1 : 0;
}

long bio_control(BIO*, int command, long, void*) noexcept {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* bio_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "md2 channel");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_write_ex(made, bio_write);
    BIO_meth_set_read_ex(made, bio_read);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  return method;
}

/// SSL_read_ex(3) goes on until it has a byte for its caller, whatever comes before: a peer that sends nothing but
/// KeyUpdates (RFC 8446, 4.6.3), each of which costs some hundred times what a record does, would keep it for as long
/// as its bytes last.
void on_message(int from_us, int /*version*/, int type, const void* bytes, std::size_t size, SSL* /*ssl*/,
                void* wire) noexcept {
  const bool key_update =
      type == SSL3_RT_HANDSHAKE && size > 0 && *static_cast<const char*>(bytes) == SSL3_MT_KEY_UPDATE;
  if (from_us == 0 && key_update) static_cast<Wire*>(wire)->resting = true;
}

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using UniqueSsl = std::unique_ptr<SSL, SslDeleter>;

UniqueSsl make_ssl(SSL_CTX* context, Wire& wire, Offer& offer) {
  UniqueSsl ssl(SSL_new(context));
  BIO* const bio = ssl ? BIO_new(bio_method()) : nullptr;
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &wire);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl.get(), bio, bio);
  SSL_set_app_data(ssl.get(), &offer);
  SSL_set_msg_callback(ssl.get(), on_message);
  SSL_set_msg_callback_arg(ssl.get(), &wire);
  return ssl;
}

/// Before each call whose errors are asked for. ERR_clear_error(3) empties all places for errors even when none is
/// taken.
void forget_errors() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

/// The reason code of the first, so the causing, error of the last OpenSSL call; 0 when it is not one of TLS.
int tls_reason() {
  const unsigned long error = ERR_peek_error();
  return ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
}

/// The server's alerts for a key that it does not take. md2server sends illegal_parameter for each of them.
bool is_refusal(int reason) {
  return reason == SSL_R_SSLV3_ALERT_ILLEGAL_PARAMETER || reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE ||
         reason == SSL_R_TLSV1_ALERT_DECRYPT_ERROR || reason == SSL_AD_REASON_OFFSET + TLS1_AD_UNKNOWN_PSK_IDENTITY;
}

/// How it looks to a client when the other end does not have its key: a certificate, or a handshake that does not
/// decrypt.
bool is_imposture(int reason) {
  return reason == SSL_R_CERTIFICATE_VERIFY_FAILED || reason == SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC ||
         reason == SSL_R_DIGEST_CHECK_FAILED;
}

/// A name that a stranger sent, made fit for a line of a log.
std::string printable(std::string name) {
  const auto strange = [](char c) { return c < ' ' || c > '~'; };
  std::replace_if(name.begin(), name.end(), strange, '?');
  return name;
}

}  // namespace

struct Channel::Tls {
  Wire wire;
  Offer offer;
  const ClientTlsContext* client = nullptr;  ///< nothing on the server's side
  std::string waiting;                       ///< written before the handshake was done
  State state = State::handshaking;
  Fault kind = Fault::none;
  std::string fault;
  std::string identity;
  bool begun = false;       ///< the first byte came
  bool ended = false;       ///< the last byte came
  bool said_close = false;  ///< by us
  bool more = false;        ///< read() took only a part
  UniqueSsl ssl;

  void shake();
  void finish_handshake();
  void encrypt(std::string_view bytes);
  bool may_read() const;
  void stop_reading(int error);
  void fail(Fault why, std::string sentence);
  void fail_handshake();
  void fail_with_reason();
};

void Channel::Tls::fail(Fault why, std::string sentence) {
  state = State::failed;
  kind = why;
  fault = std::move(sentence);
  wire.received.clear();
  std::string().swap(waiting);
}

void Channel::Tls::fail_with_reason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  fail(Fault::protocol, tr("TLS failed: {}", reason == nullptr ? tr("unknown reason") : reason));
}

void Channel::Tls::fail_handshake() {
  const int reason = tls_reason();
  if (client != nullptr && is_refusal(reason)) {
    fail(Fault::refused_key,
         tr("the server does not take the key '{}': its key file has another one of that name, or none",
            client->identity()));
  } else if (client != nullptr && is_imposture(reason)) {
    fail(Fault::impostor, tr("who answers does not have the key '{}', so it is not the server that the key is "
                             "for; it was told nothing",
                             client->identity()));
  } else if (client == nullptr && reason == SSL_R_BINDER_DOES_NOT_VERIFY) {
    fail(Fault::refused_key, offer.key
                                 ? tr("the client's key '{}' is another than the one of that name in the key file",
                                      printable(offer.claimed))
                                 : tr("the client's key '{}' is not in the key file", printable(offer.claimed)));
  } else if (client == nullptr && offer.claimed.empty() && reason == SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM) {
    fail(Fault::refused_key, tr("the client offers no key"));
  } else {
    fail_with_reason();
  }
}

void Channel::Tls::shake() {
  forget_errors();
  const int result = SSL_do_handshake(ssl.get());
  if (result == 1) return finish_handshake();
  if (SSL_get_error(ssl.get(), result) != SSL_ERROR_WANT_READ) fail_handshake();
}

/// A key that was offered need not have been used: only SSL_session_reused(3) tells that the peer has proved to have
/// it, and only now its identity means anything.
void Channel::Tls::finish_handshake() {
  if (SSL_session_reused(ssl.get()) != 1 || (client == nullptr && !offer.key)) {
    return fail(Fault::impostor, tr("the peer has not proved that it has the key"));
  }
  identity = client != nullptr ? client->identity() : offer.key->identity;
  state = State::open;
  if (!waiting.empty()) encrypt(waiting);
  std::string().swap(waiting);
}

void Channel::Tls::encrypt(std::string_view bytes) {
  if (bytes.empty()) return;
  wire.outgoing.reserve(bytes.size() + (bytes.size() / max_record + 1) * record_overhead);
  forget_errors();
  std::size_t written = 0;  // all of it: neither partial writes nor a BIO that would block
  if (SSL_write_ex(ssl.get(), bytes.data(), bytes.size(), &written) != 1) fail_with_reason();
}

/// False when SSL_read_ex(3) would only find that nothing is there, which costs it as much as a small record.
bool Channel::Tls::may_read() const {
  return ended || wire.received.size() > 0 || SSL_has_pending(ssl.get()) == 1;
}

void Channel::Tls::stop_reading(int error) {
  if (error == SSL_ERROR_ZERO_RETURN) {
    state = State::closed;
    wire.received.clear();
  } else if (error != SSL_ERROR_WANT_READ) {
    fail_with_reason();
  } else if (ended) {
    state = State::truncated;
  }
}

Channel::Channel(ServerTlsContext& tls) : tls_(std::make_unique<Tls>()) {
  tls_->ssl = make_ssl(tls.context(), tls_->wire, tls_->offer);
  SSL_set_accept_state(tls_->ssl.get());
}

Channel::Channel(ClientTlsContext& tls) : tls_(std::make_unique<Tls>()) {
  tls_->client = &tls;
  tls_->ssl = make_ssl(tls.context(), tls_->wire, tls_->offer);
  SSL_set_connect_state(tls_->ssl.get());
  tls_->shake();
}

Channel::Channel(Channel&&) noexcept = default;
Channel& Channel::operator=(Channel&&) noexcept = default;
Channel::~Channel() = default;

void Channel::receive(std::string_view bytes) {
  const bool wanted = tls_->state == State::handshaking || tls_->state == State::open;
  if (bytes.empty() || tls_->ended || !wanted) return;
  if (!tls_->begun) {
    tls_->begun = true;
    const bool refusal = tls_->client != nullptr && bytes[0] == alert_record;
    if (bytes[0] != handshake_record && !refusal) {
      return tls_->fail(Fault::not_tls,
                        tls_->client ? tr("the server does not speak TLS") : tr("the client does not speak TLS"));
    }
  }
  tls_->wire.received.append(bytes);
  if (tls_->state == State::handshaking) tls_->shake();
}

void Channel::receive_end() {
  tls_->ended = true;
  if (tls_->state != State::handshaking) return;
  tls_->state = State::truncated;
  tls_->fault = tr("the connection ended before the TLS handshake was done");
}

bool Channel::read(std::string& out, std::size_t limit, std::size_t records) {
  std::array<char, max_record> buffer;
  std::size_t taken = 0;
  for (; records > 0 && tls_->state == State::open && taken < limit && tls_->may_read(); --records) {
    forget_errors();
    tls_->wire.resting = false;
    std::size_t count = 0;
    const int result = SSL_read_ex(tls_->ssl.get(), buffer.data(), std::min(buffer.size(), limit - taken), &count);
    if (result != 1) {
      const int error = SSL_get_error(tls_->ssl.get(), result);
      if (error == SSL_ERROR_WANT_READ && tls_->wire.resting) continue;
      tls_->stop_reading(error);
      break;
    }
    out.append(buffer.data(), count);
    taken += count;
  }
  tls_->more = tls_->state == State::open && (records == 0 || taken >= limit) && tls_->may_read();
  return taken > 0;
}

void Channel::write(std::string_view bytes) {
  if (tls_->said_close || tls_->state == State::failed) return;
  if (tls_->state == State::handshaking) {
    tls_->waiting += bytes;
  } else if (SSL_is_init_finished(tls_->ssl.get())) {  // not when it was cut short before
    tls_->encrypt(bytes);
  }
}

void Channel::close() {
  if (tls_->said_close || tls_->state == State::failed) return;
  tls_->said_close = true;
  tls_->state = State::closed;
  tls_->wire.received.clear();
  std::string().swap(tls_->waiting);
  if (!SSL_is_init_finished(tls_->ssl.get())) return;
  forget_errors();
  SSL_shutdown(tls_->ssl.get());  // says close_notify; the peer's is not waited for
}

std::string_view Channel::outgoing() {
  return tls_->wire.outgoing.view();
}

void Channel::sent(std::size_t count) {
  tls_->wire.outgoing.drop(count);
}

bool Channel::has_more() const {
  return tls_->more;
}

bool Channel::congested() const {
  return tls_->wire.outgoing.size() + tls_->waiting.size() > high_water;
}

std::size_t Channel::held() const {
  return tls_->wire.received.held() + tls_->wire.outgoing.held() + tls_->waiting.capacity();
}

Channel::State Channel::state() const {
  return tls_->state;
}

const std::string& Channel::fault() const {
  return tls_->fault;
}

Channel::Fault Channel::fault_kind() const {
  return tls_->kind;
}

const std::string& Channel::identity() const {
  return tls_->identity;
}

std::uint64_t Channel::hello() const {
  std::uint64_t random = 0;
  SSL_get_client_random(tls_->ssl.get(), reinterpret_cast<unsigned char*>(&random), sizeof random);
  return random;
}

const Key* Channel::key() const {
  return tls_->offer.key.get();
}

}  // namespace md2
