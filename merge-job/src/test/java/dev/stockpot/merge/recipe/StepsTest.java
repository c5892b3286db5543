package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.methods.MergeMethods;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepsTest {
  private static final long ANY = Long.MAX_VALUE;
  private static final ModelReference RUN = new ModelReference("run/step-*", 1);

  private static List<String> kept(Steps steps, String... names) {
    return steps
        .of(RUN, Stream.of(names).map(name -> new ModelReference("run/" + name, 1)).toList())
        .stream()
        .map(ModelReference::path)
        .toList();
  }

  private static Recipe recipe(String entry) {
    return new RecipeParser(MergeMethods.all())
        .parse("r.yml", "merge_method: checkpoint_average\nmodels:\n  - {%s}\n".formatted(entry));
  }

  @Test
  void whatIsOffTheGridStaysOut() {
    assertThat(
            kept(new Steps(0, ANY, 500, 99, 1), "step-500", "step-731", "step-1000", "step-1001"))
        .containsExactly("run/step-500", "run/step-1000");
  }

  @Test
  void theLastOnesAreCountedFromTheEndOfThoseThatCount() {
    Steps steps = new Steps(100, 400, 100, 2, 1);

    assertThat(kept(steps, "step-100", "step-200", "step-250", "step-300", "step-400", "step-500"))
        .containsExactly("run/step-300", "run/step-400");
    assertThat(kept(steps, "step-100")).containsExactly("run/step-100");
  }

  @Test
  void aFolderWithoutANumberIsNoStep() {
    assertThat(kept(new Steps(0, ANY, 1, 99, 1), "step-final", "step-7"))
        .containsExactly("run/step-7");
  }

  @ParameterizedTest
  @CsvSource({
    "runs/checkpoint-*,      runs/checkpoint-1000,            1000",
    "runs/*,                 runs/iter_0001000,               1000",
    "runs7/step*-unsharded,  runs7/step42-unsharded,          42",
    "run2/global_step*/hf,   run2/global_step300/hf,          300",
    "r/worker-*/step-*,      r/worker-3/step-40,              40",
    "r/*/model7,             r/step-5/model7,                 5",
    "r/*,                    r/0123456789012345678901,        -1",
    "r/*,                    r/final,                         -1",
    "s3a://b9/r/*,           s3a://b9/r/9007199254740993,     9007199254740993"
  })
  void aStepIsTheLastNumberOfWhatIsOpen(String pattern, String path, long step) {
    assertThat(Steps.step(pattern, path))
        .isEqualTo(step < 0 ? OptionalLong.empty() : OptionalLong.of(step));
  }

  @Test
  void areReadFromARecipe() {
    Recipe read = recipe("model: 'run/step-*', steps: {from: 10, every: 5, last: 3}");

    assertThat(read.slices().get(0).sources().get(0).steps())
        .isEqualTo(Optional.of(new Steps(10, ANY, 5, 3, 3)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model: run/step-1, steps: {every: 5} | r.yml:3: `steps` chooses among the folders of a"
            + " pattern, and run/step-1 is one model; remove it",
        "model: 'run/*', steps: 5 | r.yml:3: `steps` is 5, must be a mapping, for example {every:"
            + " 1000, last: 20}",
        "model: 'run/*', steps: {every: 0} | r.yml:3: `every` is 0, must be a whole number from 1"
            + " up",
        "model: 'run/*', steps: {last: 1.5} | r.yml:3: `last` is 1.5, must be a whole number from 1"
            + " up",
        "model: 'run/*', steps: {from: 1e30} | r.yml:3: `from` is 1e30, must be a whole number from"
            + " 0 up",
        "model: 'run/*', steps: {from: 9, to: 3} | r.yml:3: `steps` go from 9 to 3; exchange them",
        "model: 'run/*', steps: {evry: 3} | r.yml:3: `evry` is not a key of `steps`; did you mean"
            + " `every`?",
      })
  void problemsAreTold(String entry, String problem) {
    assertThatThrownBy(() -> recipe(entry)).hasMessageContaining(problem);
  }
}
