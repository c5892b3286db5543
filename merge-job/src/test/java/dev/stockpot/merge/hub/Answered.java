package dev.stockpot.merge.hub;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLSession;

/** An answer without a server and without bytes. */
record Answered(int statusCode, HttpHeaders headers, URI uri)
    implements HttpResponse<AnswerStream> {

  /**
   * An answer of a hub.
   *
   * @param headers as {@code Name: value}
   */
  static Wire.Answer of(int status, String... headers) {
    return at(URI.create("https://hub.example/org/model/resolve/x"), status, headers);
  }

  static Wire.Answer at(URI uri, int status, String... headers) {
    return new Wire.Answer(status, new Answered(status, headers(headers), uri), uri);
  }

  static HttpHeaders headers(String... headers) {
    Map<String, List<String>> all = new TreeMap<>();
    for (String header : headers) {
      int colon = header.indexOf(": ");
      all.computeIfAbsent(header.substring(0, colon), any -> new ArrayList<>())
          .add(header.substring(colon + 2));
    }
    return HttpHeaders.of(all, (name, value) -> true);
  }

  @Override
  public AnswerStream body() {
    throw new AssertionError("nobody reads this one");
  }

  @Override
  public HttpRequest request() {
    throw new AssertionError("nobody asks for the request");
  }

  @Override
  public Optional<HttpResponse<AnswerStream>> previousResponse() {
    return Optional.empty();
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return Optional.empty();
  }

  @Override
  public HttpClient.Version version() {
    return HttpClient.Version.HTTP_1_1;
  }
}
