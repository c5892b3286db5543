package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name is that of a model, or of one with adapters on top. */
class ModelReferenceTest {
  private static List<String> adapters(String path) {
    return new ModelReference(path, 3).adapters().stream().map(ModelReference::path).toList();
  }

  @Test
  void adaptersFollowTheirBase() {
    ModelReference model = new ModelReference("s3a://models/base+adapters/math+/data/code", 3);
    assertThat(model.base()).isEqualTo(new ModelReference("s3a://models/base", 3));
    assertThat(model.base().line()).isEqualTo(3);
    assertThat(adapters(model.path())).containsExactly("adapters/math", "/data/code");
  }

  @Test
  void aModelWithoutAdaptersIsItsOwnBase() {
    ModelReference model = new ModelReference("models/base", 1);
    assertThat(model.base()).isEqualTo(model);
    assertThat(model.adapters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"models/c++/x", "+a", "a+", "a+ +b"})
  void aNameWithAnEmptyPartHasNoParts(String path) {
    assertThat(adapters(path)).isEmpty();
    assertThat(new ModelReference(path, 1).base().path()).isEqualTo(path);
  }

  @Test
  void slashesAtTheEndsOfPartsSayNothing() {
    assertThat(new ModelReference("a/+b//", 1)).isEqualTo(new ModelReference("a+b", 2));
    assertThat(new ModelReference("/", 1).path()).isEqualTo("/");
  }

  @Test
  void theOrderOfAdaptersCounts() {
    assertThat(new ModelReference("a+b+c", 1)).isNotEqualTo(new ModelReference("a+c+b", 1));
  }

  @Test
  void moreAdaptersGoOnTop() {
    ModelReference model = new ModelReference("a+b", 4).plus(List.of(new ModelReference("c", 9)));
    assertThat(model).isEqualTo(new ModelReference("a+b+c", 4));
    assertThat(model.line()).isEqualTo(4);
    assertThat(model.plus(List.of())).isEqualTo(model);
  }
}
