package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.observe.DifferenceScan;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.methods.GroupLength;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.recipe.RecipeParser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What cannot be made on the way is told by the plan, whatever is to be done with it. */
class ObstacleTest {
  private static final long TASK = 1 << 20;
  private static final String WHY =
      "the stage that makes x looks at other tensors before it merges this one,"
          + " so it cannot be made on the way; write that stage first";
  private static final Model STORED = ModelHeaders.named("a").tensor("x", DType.F32, 4, 4).open();
  private static final TensorSource MADE = made();

  private static TensorSource made() {
    TensorTerms terms =
        new TensorTerms(
            "x",
            Shape.of(4, 4),
            0,
            List.of(ParameterValues.NONE),
            OptionalInt.empty(),
            ParameterValues.NONE,
            0);
    MergeProgram looksFirst = new GroupLength().program(terms);
    return new Made(
        "x",
        DType.F32,
        Shape.of(4, 4),
        List.copyOf(STORED.tensors().values()),
        looksFirst,
        Rounding.NEAREST,
        "group_length");
  }

  @Test
  void ofWhatAStageMakesAndOfWhatIsSeenOfIt() {
    assertThat(MADE.obstacle()).hasValue(WHY);
    assertThat(MADE.transposed().obstacle()).hasValue(WHY);
    assertThat(STORED.tensors().get("x").obstacle()).isEmpty();
  }

  @Test
  void ofCopiesAndLooks() {
    OutputTensor output = new OutputTensor("x", DType.F32, Shape.of(4, 4));

    assertThat(new Copy(output, MADE).obstacle(TASK)).hasValue(WHY);
    assertThat(new Look("x", List.of(MADE), looking(), ScanScope.TENSOR).obstacle(TASK))
        .hasValue(WHY);
    assertThat(new Copy(output, STORED.tensors().get("x")).obstacle(TASK)).isEmpty();
  }

  private static Scan looking() {
    return new DifferenceScan("x");
  }

  @Test
  void isAProblemOfThePlan() {
    assertThatThrownBy(
            () ->
                MergePlanner.plan(
                    new RecipeParser(MergeMethods.all()).parse("recipe.yml", Planning.linear("a")),
                    Map.of(new ModelReference("a", 0), STORED.with(Map.of("x", MADE))),
                    Map.of(),
                    new Problems("recipe.yml"),
                    Planning.DEFAULTS,
                    Optional.empty(),
                    Rounding.Mode.NEAREST,
                    0))
        .returns(FailureKind.RECIPE, thrown -> ((UserException) thrown).kind())
        .hasMessage("recipe.yml:3: %s, for x", WHY);
  }

  @Test
  void isANoticeOfADifference() {
    DifferencePlan plan =
        DifferencePlan.of(STORED, STORED.with(Map.of("x", MADE)), Planning.DEFAULTS);

    assertThat(plan.tensors()).isEmpty();
    assertThat(plan.notices()).containsExactly("1 tensor not compared, because " + WHY + ": x");
  }
}
