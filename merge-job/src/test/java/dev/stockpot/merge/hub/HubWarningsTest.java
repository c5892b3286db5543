package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a hub says beside its answers. */
class HubWarningsTest {
  private final HubWarnings warnings = new HubWarnings();

  private void arrives(String... headers) {
    warnings.add(HttpHeaders.of(Map.of("x-hf-warning", List.of(headers)), (name, value) -> true));
  }

  @Test
  void isToldWithoutItsTopic() {
    arrives("unauthenticated; You are asking without a token; limits are lower");
    assertThat(warnings.untold())
        .containsExactly("You are asking without a token; limits are lower");
  }

  @Test
  void isToldOnceHoweverOftenItComes() {
    arrives("a; One", "b; Two", "a; One");
    assertThat(warnings.untold()).containsExactly("One", "Two");
    arrives("a; One", "Three");
    assertThat(warnings.untold()).containsExactly("Three");
    assertThat(warnings.untold()).isEmpty();
  }

  @Test
  void saysNothingWhereNothingCame() {
    warnings.add(HttpHeaders.of(Map.of(), (name, value) -> true));
    arrives("", "topic;", "topic; ");
    assertThat(warnings.untold()).isEmpty();
  }

  @Test
  void aLongOneIsCut() {
    arrives("topic; " + "x".repeat(5000));
    assertThat(warnings.untold()).singleElement().satisfies(text -> assertThat(text).hasSize(300));
  }
}
