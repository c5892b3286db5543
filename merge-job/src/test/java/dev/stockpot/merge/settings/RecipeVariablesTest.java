package dev.stockpot.merge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigResolveOptions;
import dev.stockpot.merge.UserException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recipe may know of the environment of whoever merges it. */
class RecipeVariablesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "STOCKPOT_MODELS", "s3a://models",
          "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI",
          "HOME", "/home/me");

  private static Config resolved(String text) {
    return Hocon.resolved(
        "r.conf",
        text,
        Optional.empty(),
        ConfigResolveOptions.noSystem().appendResolver(new RecipeVariables("r.conf", ENVIRONMENT)));
  }

  @Test
  void whatWasSetForRecipesIsTaken() {
    assertThat(resolved("model = ${STOCKPOT_MODELS}/a").getString("model"))
        .isEqualTo("s3a://models/a");
    assertThat(resolved("model = b, model = ${?STOCKPOT_MODELS}").getString("model"))
        .isEqualTo("s3a://models");
  }

  @Test
  void whatIsNotSetIsNotThere() {
    assertThat(resolved("model = b, model = ${?STOCKPOT_OTHER}").getString("model")).isEqualTo("b");
    assertThat(resolved("model = b, model = ${?OTHER}").getString("model")).isEqualTo("b");
    assertThatThrownBy(() -> resolved("model = ${STOCKPOT_OTHER}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("${STOCKPOT_OTHER}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m = ${AWS_SECRET_ACCESS_KEY}",
        "m = ${?AWS_SECRET_ACCESS_KEY}",
        "m = x-${AWS_SECRET_ACCESS_KEY}-y",
        "m = [${AWS_SECRET_ACCESS_KEY}]",
        "m = \"\" ${\"AWS_SECRET_ACCESS_KEY\"}",
        "m += ${AWS_SECRET_ACCESS_KEY}"
      })
  void othersAreRefusedByNameWithoutTheirValue(String text) {
    assertThatThrownBy(() -> resolved(text))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("r.conf: ${AWS_SECRET_ACCESS_KEY} is a variable of the environment")
        .hasMessageContaining("names begin with STOCKPOT_")
        .hasMessageNotContaining("wJalrXUtnFEMI");
  }

  @Test
  void aValueOfTheRecipeHasPrecedence() {
    assertThat(resolved("HOME = here, m = ${HOME}").getString("m")).isEqualTo("here");
  }

  @Test
  void whatIsInAVariableIsTextAndNoHocon() {
    Map<String, String> tricky = Map.of("STOCKPOT_X", "${HOME} { include \"/etc/passwd\" }");
    Config config =
        Hocon.resolved(
            "r.conf",
            "m = ${STOCKPOT_X}",
            Optional.empty(),
            ConfigResolveOptions.noSystem().appendResolver(new RecipeVariables("r.conf", tricky)));

    assertThat(config.getString("m")).isEqualTo("${HOME} { include \"/etc/passwd\" }");
  }
}
