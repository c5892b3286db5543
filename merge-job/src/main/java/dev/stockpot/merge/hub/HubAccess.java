package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which hub, with whose rights, and where its cache is. It never leaves this process.
 *
 * @param endpoint without a slash at its end
 * @param cache folder of its cache
 * @param closed why nothing may be asked of the network; empty if it may
 */
public record HubAccess(
    URI endpoint, Path cache, Optional<String> closed, Optional<HubToken> token) {
  private static final String PUBLIC = "https://huggingface.co";
  private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

  public HubAccess {
    requireNonNull(endpoint, "endpoint is null");
    requireNonNull(cache, "cache is null");
    requireNonNull(closed, "closed is null");
    requireNonNull(token, "token is null");
  }

  /**
   * What this process was told by the variables that programs of the hub know.
   *
   * @param environment variables by name
   * @param home the user's folder
   * @param endpoint takes precedence over {@code HF_ENDPOINT}; empty where nobody said
   * @param cache takes precedence over {@code HF_HUB_CACHE} and its kin; empty where nobody said
   * @throws UserException if an address or a token makes no sense
   */
  public static HubAccess of(
      Map<String, String> environment, Path home, String endpoint, String cache) {
    Variables variables = new Variables(environment, home);
    Path hubHome =
        variables
            .path("HF_HOME")
            .orElse(
                variables
                    .path("XDG_CACHE_HOME")
                    .orElse(home.resolve(".cache"))
                    .resolve("huggingface"));
    Path folder =
        Stream.of(
                Optional.of(cache).filter(text -> !text.isEmpty()).map(variables::expanded),
                variables.path("HF_HUB_CACHE"),
                variables.path("HUGGINGFACE_HUB_CACHE"))
            .flatMap(Optional::stream)
            .findFirst()
            .orElse(hubHome.resolve("hub"));
    Optional<String> closed =
        Stream.of("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
            .filter(variables::isYes)
            .map("%s is set"::formatted)
            .findFirst();
    return new HubAccess(
        endpoint(endpoint.isEmpty() ? variables.text("HF_ENDPOINT").orElse(PUBLIC) : endpoint),
        folder,
        closed,
        token(variables, hubHome));
  }

  /** The same without a network. */
  public HubAccess closedBecause(String reason) {
    return new HubAccess(endpoint, cache, Optional.of(reason), token);
  }

  private static URI endpoint(String text) {
    String trimmed = text.strip().replaceAll("/+$", "");
    try {
      URI uri = new URI(trimmed);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("https") || scheme.equals("http"))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw noEndpoint(e);
    }
    throw noEndpoint(null);
  }

  /** Without the address: people put secrets into it. */
  private static UserException noEndpoint(Exception cause) {
    return new UserException(
        "hub-endpoint, or HF_ENDPOINT, must be the address of a hub without user and question mark, such as "
            + PUBLIC,
        cause);
  }

  private static Optional<HubToken> token(Variables variables, Path hubHome) {
    if (variables.isYes("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return Optional.empty();
    }
    Path file = variables.path("HF_TOKEN_PATH").orElse(hubHome.resolve("token"));
    return Stream.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
        .map(variables::text)
        .flatMap(Optional::stream)
        .findFirst()
        .flatMap(text -> HubToken.of("HF_TOKEN", text))
        .or(() -> HubToken.in(file));
  }

  /** Variables of an environment; an empty one is as good as none. */
  private record Variables(Map<String, String> all, Path home) {
    Optional<String> text(String name) {
      return Optional.ofNullable(all.get(name)).filter(text -> !text.isBlank());
    }

    boolean isYes(String name) {
      return text(name)
          .filter(text -> YES.contains(text.strip().toUpperCase(Locale.ROOT)))
          .isPresent();
    }

    Optional<Path> path(String name) {
      return text(name).map(this::expanded);
    }

    Path expanded(String text) {
      boolean isOfHome = text.equals("~") || text.startsWith("~/");
      return isOfHome ? home.resolve(text.substring(1).replaceFirst("^/", "")) : Path.of(text);
    }
  }
}
