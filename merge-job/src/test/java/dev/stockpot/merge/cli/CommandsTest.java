package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Which commands a command line knows. */
class CommandsTest {
  static List<String> names() {
    return Commands.NAMES;
  }

  private static List<String> known(String... words) {
    return List.copyOf(Commands.of(words).getSubcommands().keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachIsKnownByItsOwnName(String name) {
    CommandLine command = Commands.of(new String[] {}).getSubcommands().get(name);

    assertThat(command.getCommandName()).isEqualTo(name);
    assertThat(command.getCommandSpec().name()).isEqualTo(name);
  }

  @Test
  void theOneThatIsCalledIsSetUpAlone() {
    assertThat(known("merge", "recipe.yml", "out")).containsExactly("merge");
    assertThat(known("statistics", "add", "a", "b", "out")).containsExactly("statistics");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--help", "--version", "mrege", "recipe.yml", "man", "generate-completion"})
  void whereNoneIsCalledOrTheyTellOfOthersAllAre(String word) {
    assertThat(known(word)).isEqualTo(Commands.NAMES);
  }

  @Test
  void withoutAnyWordAllAre() {
    assertThat(known()).isEqualTo(Commands.NAMES);
  }
}
