package dev.stockpot.merge.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.StoredRange;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mean of models is made of all of them on the way, or says why there is none. */
class MeanModelTest {
  private static ModelHeaders headers(String name) {
    return ModelHeaders.named(name).tensor("w", 2, 3).tensor("ids", DType.I64, 4);
  }

  private static List<String> files(TensorSource source) {
    return source.footprint(ElementSpan.all(source.shape())).ranges().stream()
        .map(StoredRange::object)
        .map(object -> object.location().path())
        .toList();
  }

  /** Innermost first. */
  private static List<Change> changes(TensorSource source) {
    List<Change> changes = new ArrayList<>();
    if (source instanceof Baked baked) {
      changes.addAll(changes(baked.parts().get(0)));
      changes.addAll(baked.changes());
    }
    return changes;
  }

  @Test
  void eachModelCountsAlikeOnTopOfZeros() {
    List<Model> models = List.of(headers("a").open(), headers("b").open(), headers("c").open());
    TensorSource mean = MeanModel.of(models).tensors().get("w");
    assertThat(mean.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(mean.dtype()).isEqualTo(DType.F32);
    assertThat(changes(mean))
        .containsExactlyElementsOf(
            models.stream()
                .map(model -> (Change) new Addition(model.tensors().get("w"), 1f / 3))
                .toList());
    assertThat(files(mean))
        .containsExactly("a/model.safetensors", "b/model.safetensors", "c/model.safetensors");
  }

  @Test
  void whatHoldsNoNumbersIsTheFirstModels() {
    Model mean = MeanModel.of(List.of(headers("a").open(), headers("b").open()));
    assertThat(files(mean.tensors().get("ids"))).containsExactly("a/model.safetensors");
    assertThat(mean.tensors().keySet()).containsExactly("ids", "w");
  }

  @Test
  void theMeanOfOneIsThatOne() {
    Model one = headers("a").open();
    assertThat(MeanModel.of(List.of(one)).tensors()).isEqualTo(one.tensors());
    assertThat(MeanModel.of(List.of(one)).tensors().get("w")).isInstanceOf(Stored.class);
  }

  @ParameterizedTest
  @CsvSource({"BF16, 3, BF16 [3]", "I64, 2, I64 [2]", "BF16, 0, not there"})
  void modelsOfAnotherKindHaveNoMean(DType type, long length, String told) {
    ModelHeaders other = ModelHeaders.named("b");
    if (length > 0) {
      other.tensor("v", type, length);
    }
    List<Model> models = List.of(ModelHeaders.named("a").tensor("v", 2).open(), other.open());
    assertThatThrownBy(() -> MeanModel.of(models))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "v of b is %s, and v of a is [2]; only models of one kind have a mean".formatted(told));
  }
}
