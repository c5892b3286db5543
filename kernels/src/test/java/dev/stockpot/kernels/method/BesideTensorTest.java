package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operands;
import dev.stockpot.kernels.block.Rows;
import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.method.SideInput.Facts;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where steps find what they look at, and what programs tell of themselves unasked. */
class BesideTensorTest {
  private static final Facts FACTS = Facts.of(Shape.of(4));

  private static TensorTerms terms(SideInput.Given... sides) {
    return new TensorTerms(
            "layers.0.norm.weight",
            Shape.of(4),
            0.5,
            Collections.nCopies(3, ParameterValues.NONE),
            OptionalInt.of(1),
            ParameterValues.NONE,
            7)
        .beside(List.of(sides));
  }

  @Test
  void placesFollowTheModelsAndAreThoseOfTheSameTensorAndKind() {
    BesideTensor bias = BesideTensor.sibling("bias");
    BesideTensor sums = BesideTensor.ofModels("crossgram", "bias");
    BesideTensor ofMerge = BesideTensor.ofMerge("crossgram", "bias");
    TensorTerms terms =
        terms(
            bias.given(OptionalInt.of(0), FACTS),
            sums.given(OptionalInt.of(0), FACTS),
            ofMerge.given(OptionalInt.empty(), FACTS),
            bias.given(OptionalInt.of(2), FACTS));

    assertThat(bias.places(terms)).containsExactly(3, 6);
    assertThat(sums.places(terms)).containsExactly(4);
    assertThat(ofMerge.places(terms)).containsExactly(5);
    assertThat(BesideTensor.sibling("running_mean").places(terms)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"layers.0.norm.weight, layers.0.norm", "bn.weight, bn", "weight, ''"})
  void aModuleIsANameWithoutItsLastWord(String tensor, String module) {
    assertThat(BesideTensor.module(tensor)).isEqualTo(module);
  }

  @Test
  void whatStandsBesideATensorIsOfItsModule() {
    assertThat(BesideTensor.sibling("bias").beside("layers.0.norm.weight"))
        .isEqualTo("layers.0.norm.bias");
  }

  @Test
  void aTensorOfModelsMayBeMissingAndAStatisticOfThemMayNot() {
    assertThat(BesideTensor.sibling("bias").need()).isEqualTo(SideInput.Need.OPTIONAL);
    assertThat(BesideTensor.ofModels("k", "e").need()).isEqualTo(SideInput.Need.REQUIRED);
    assertThat(BesideTensor.ofMerge("k", "e").need()).isEqualTo(SideInput.Need.ALTERNATIVE);
  }

  @Test
  void termsOfAStepKeepTheTensorAndChangeTheirValues() {
    ParameterValues own = new ParameterValues(Map.of("alpha", 0.5));
    SideInput.Given side = BesideTensor.sibling("bias").given(OptionalInt.of(0), FACTS);
    TensorTerms step = terms(side).with(own);

    assertThat(step.merge()).isEqualTo(own);
    assertThat(step.sides()).containsExactly(side);
    assertThat(step.seed()).isEqualTo(7);
    assertThat(step.depth()).isEqualTo(0.5);
  }

  /** Side inputs would be looked for one place too early: there are none then. */
  @Test
  void aBaseBehindAllOthersHasNoParametersAndNothingStandsBehindIt() {
    ParameterValues model = new ParameterValues(Map.of("weight", 0.5));
    TensorTerms alone =
        new TensorTerms(
            "w", Shape.of(4), 0, List.of(model), OptionalInt.empty(), ParameterValues.NONE, 7);
    TensorTerms terms =
        alone
            .beside(List.of(BesideTensor.sibling("bias").given(OptionalInt.of(0), FACTS)))
            .withBaseBehind();

    assertThat(terms.models()).containsExactly(model, ParameterValues.NONE);
    assertThat(terms.base()).hasValue(1);
    assertThat(terms.besideBase()).containsExactly(0);
    assertThat(terms.sides()).isEmpty();
  }

  /** They are written to a file, whose bytes must not hang on a map's order. */
  @Test
  void numbersThatAreCarriedOnComeInOneOrder() {
    Map<String, Double> given = new LinkedHashMap<>();
    for (String name : List.of("d", "b", "e", "a", "c")) {
      given.put(name, 1.0);
    }
    Judgement judgement = new Judgement(1, List.of(), List.of(), given);
    given.put("f", 3.0);

    assertThat(judgement.carried().keySet()).containsExactly("a", "b", "c", "d", "e");
    assertThat(new Verdict(0, 1, 2, 3, 0, "").isAccepted()).isTrue();
    assertThat(new Verdict(0, 1, 2, 3, 1, "it is late").isAccepted()).isFalse();
    assertThatThrownBy(() -> new Verdict(0, 1, 2, 3, 1, null)).hasMessage("why is null");
  }

  @Test
  void aProgramThatIsAskedForNothingTellsIt() {
    MergeProgram program = new Plain();

    assertThat(program.scan()).isEmpty();
    assertThat(program.judgement()).isEmpty();
    assertThat(program.rows()).isEqualTo(new Rows(12, false));
    assertThat(program.scanScope()).isEqualTo(ScanScope.TENSOR);
    assertThatThrownBy(() -> program.knowing(null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Plain[] asked for no scan");
  }

  /** Of rows of twelve. */
  private record Plain() implements MergeProgram {
    @Override
    public long rowElements() {
      return 12;
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      return (block, inputs, output) -> {};
    }
  }

  @Test
  void whatIsMeasuredIsTakenWhereSomebodyAsksAndElseMadeAllTheSame() {
    List<String> found = new ArrayList<>();
    MeasuringProgram measuring = new Measuring();
    MatrixProgram silent = new Silent();
    try (Operands operands = new Operands();
        RootAllocator memory = new RootAllocator();
        Matrices algebra = new Matrices(List.of(new ScalarProvider()), memory, 1)) {
      WholeTensor output = new WholeTensor(operands.zeros(DType.F32, 1), Shape.of(1));
      measuring.make(algebra, List.of(), output);
      assertThat(output.at(0)).isEqualTo(5);
      measuring.make(algebra, List.of(), output, (name, value) -> found.add(name + value));
      silent.make(algebra, List.of(), output, (name, value) -> found.add(name + value));
      assertThat(output.at(0)).isEqualTo(6);
    }
    assertThat(found).containsExactly("R²0.5");
  }

  private record Measuring() implements MeasuringProgram {
    @Override
    public Demand demand() {
      return Demand.NONE;
    }

    @Override
    public void make(
        Matrices algebra, List<WholeTensor> inputs, WholeTensor output, Measures found) {
      output.elements().floats().put(0, 5);
      found.take("R²", 0.5);
    }
  }

  private record Silent() implements MatrixProgram {
    @Override
    public Demand demand() {
      return Demand.NONE;
    }

    @Override
    public void make(Matrices algebra, List<WholeTensor> inputs, WholeTensor output) {
      output.elements().floats().put(0, 6);
    }
  }
}
