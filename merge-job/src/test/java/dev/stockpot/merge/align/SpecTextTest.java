package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The units of a model are printed as a spec of that model alone. */
class SpecTextTest {
  private static final String SPEC =
      """
      name: mine
      groups:
        stream: {residual: true}
        attention.{l}: {heads: 4, key_value_heads: 2, keys: fixed, order: fixed, pairs: half}
        experts.{l}: {experts: 'expert.{l}.{e}'}
        expert.{l}.{e}: {}
        channel: {}
      tensors:
        'a.{l}.qkv': attention.{l}/query + attention.{l}/key + attention.{l}/value, stream
        'a.{l}.out': stream, attention.{l}/output
        'm.{l}.gate': experts.{l}, stream
        'm.{l}.{e}.up': expert.{l}.{e}, stream
        'channels': channel, fixed
        'flat': fixed, channel each
      buffers:
        'seen': ''
        'mean': channel
      """;

  private static Model model() {
    return ModelHeaders.named("m")
        .config("{}")
        .tensor("a.3.qkv", 16, 6)
        .tensor("a.3.out", 6, 8)
        .tensor("m.3.gate", 2, 6)
        .tensor("m.3.0.up", 5, 6)
        .tensor("m.3.1.up", 5, 6)
        .tensor("channels", 4, 1)
        .tensor("flat", 1, 12)
        .tensor("mean", 4)
        .tensor("seen")
        .open();
  }

  @Test
  void groupsHaveTheirSizesAndExpertsOneLine() {
    Optional<Spec> spec = Optional.of(Spec.read("mine.yml", SPEC));
    String text = SpecText.of("m", model(), spec);
    assertThat(text)
        .isEqualTo(
            """
            # Spec mine of m: 6 groups of units, 9 tensors
            groups:
              stream: {residual: true} # 6 units
              attention.3: {heads: 4, key_value_heads: 2, keys: fixed, pairs: half, order: fixed} \
            # 8 + 4 + 4 + 8 units
              channel: {} # 4 units
              expert.3.{e}: {} # 5 units
              experts.3: {experts: 'expert.3.{e}'} # 2 units
            tensors:
              'a.3.out': 'stream, attention.3/output'
              'a.3.qkv': 'attention.3/query + attention.3/key + attention.3/value, stream'
              'channels': 'channel, fixed'
              'flat': 'fixed, channel each'
              'm.3.{e}.up': 'expert.3.{e}, stream'
              'm.3.gate': 'experts.3, stream'
            buffers:
              'mean': 'channel'
              'seen': ''
            """);
    assertThat(SpecText.of("m", model(), Optional.of(Spec.read("printed.yml", text))))
        .as("what is printed is what it says")
        .isEqualTo(text.replace("Spec mine", "Spec its own"));
  }

  @Test
  void aModelThatTheSpecDoesNotFitIsRefused() {
    Spec spec = Spec.read("mine.yml", "groups: {a: {}}\ntensors: {b: 'a, fixed'}\n");
    assertThatThrownBy(() -> SpecText.of("m", model(), Optional.of(spec)))
        .isInstanceOf(UserException.class)
        .hasMessage("mine.yml does not fit m: says nothing of a.3.out [6, 8]");
  }
}
