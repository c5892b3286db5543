package dev.stockpot.merge.hub;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers without a server and without bytes. */
final class Answered {
  private Answered() {}

  /**
   * An answer of a hub.
   *
   * @param headers as {@code Name: value}
   */
  static Wire.Answer of(int status, String... headers) {
    return at(URI.create("https://hub.example/org/model/resolve/x"), status, headers);
  }

  static Wire.Answer at(URI uri, int status, String... headers) {
    AnswerStream none = new AnswerStream(InputStream.nullInputStream(), 0, () -> {});
    return new Wire.Answer(status, headers(headers), none, uri);
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
}
