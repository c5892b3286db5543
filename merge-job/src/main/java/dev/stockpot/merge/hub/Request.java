package dev.stockpot.merge.hub;

import dev.stockpot.merge.hub.Wire.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One request over HTTP/1.1, sent once to where it says. Redirects are answers, and nobody is asked
 * for passwords. Connections serve again once an answer was read to its end, and each answer that
 * arrives at the same time has one of its own.
 *
 * @param headers all that it has but what says where it goes
 * @param connect how long to wait for a connection
 * @param patience for the answer's next bytes
 */
record Request(
    String method, URI uri, Map<String, String> headers, Duration connect, Duration patience) {
  private static final int FIRST_STATUS = 100;
  private static final int ERRORS = 400;

  /** Knows no password, whatever others in this process have told Java. */
  private static final Authenticator NOBODY = new Authenticator() {};

  /**
   * What comes back, whatever its status.
   *
   * @throws IOException if nothing does, or what is no answer
   */
  Answer send() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted before asking " + uri.getHost());
    }
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setAuthenticator(NOBODY);
    connection.setConnectTimeout(Math.toIntExact(connect.toMillis()));
    connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
    headers.forEach(connection::setRequestProperty);
    try {
      int status = connection.getResponseCode();
      if (status < FIRST_STATUS) {
        connection.disconnect();
        throw new IOException("%s does not speak HTTP".formatted(uri.getHost()));
      }
      return new Answer(status, headersOf(connection), body(connection, status), uri);
    } catch (SocketTimeoutException e) {
      connection.disconnect();
      throw AnswerStream.silence(e);
    }
  }

  private AnswerStream body(HttpURLConnection connection, int status) throws IOException {
    InputStream body = status < ERRORS ? connection.getInputStream() : connection.getErrorStream();
    boolean isEmpty = body == null || method.equals("HEAD");
    return new AnswerStream(
        isEmpty ? InputStream.nullInputStream() : body,
        isEmpty ? 0 : connection.getContentLengthLong(),
        connection::disconnect);
  }

  /** In the order in which they arrived, which a map of Java's turns round. */
  private static HttpHeaders headersOf(HttpURLConnection connection) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int at = 0; connection.getHeaderField(at) != null; at++) {
      String name = connection.getHeaderFieldKey(at);
      if (name != null && !name.isBlank()) { // the first line has no name
        headers
            .computeIfAbsent(name.strip(), any -> new ArrayList<>())
            .add(connection.getHeaderField(at));
      }
    }
    return HttpHeaders.of(headers, (name, value) -> true);
  }
}
