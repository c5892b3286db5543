package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics are added piece by piece, and nothing is left of sums that are refused. */
class StatisticsAdditionTest {
  private static final String OUT = "s3://b/out";

  private final MemoryStore store = new MemoryStore();
  private final StatisticsAddition addition = new StatisticsAddition(PlacesOfTests.in(store));

  private MemoryModel sums(String name) {
    return MemoryModel.in(store, "s3://b/" + name)
        .says("kind", "fisher_diag")
        .says("normalised", "sum");
  }

  private void refused(String message) {
    refused("s3://b/a", "s3://b/b", message);
  }

  private void refused(String first, String second, String message) {
    assertThatThrownBy(() -> addition.add(first, second, OUT))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
    assertThat(store.tree(new Location(OUT), 9)).isEmpty();
    assertThat(store.openUploads()).isZero();
    assertThat(store.unfinished(new Location("s3://b"))).isEmpty();
  }

  private double[] added(String name) throws IOException {
    Model model = OpenedModel.statistics(store, new Location(OUT));
    TensorSource source = model.tensors().get(name);
    return new StatisticsNumbers(store).read(source, ElementSpan.all(source.shape()));
  }

  @Test
  void largeTensorsAreAddedElementByElement() throws IOException {
    int elements = 270_001;
    double[] a = new double[elements];
    double[] b = new double[elements];
    double[] sum = new double[elements];
    for (int i = 0; i < elements; i++) {
      a[i] = i % 1000;
      b[i] = i % 77 + 0.5;
      sum[i] = a[i] + b[i];
    }
    sums("a").floats("w", a).write();
    sums("b").floats("w", b).write();
    StatisticsAdded added = addition.add("s3://b/a", "s3://b/b", OUT);

    assertThat(Arrays.mismatch(added("w"), sum)).as("the first that differs").isEqualTo(-1);
    Location file = new Location(OUT + "/statistics.safetensors");
    assertThat(added.file()).isEqualTo(file.path());
    assertThat(added.bytes()).isEqualTo(store.bytes(file).length);
    assertThat(added.tensors()).isEqualTo(1);
    assertThat(added.examples()).isEmpty();
    assertThat(store.openUploads()).isZero();
  }

  @Test
  void numbersKeepTheirTypes() throws IOException {
    Shape two = Shape.of(2);
    sums("a")
        .says("n_examples", "3")
        .tensor("x", DType.F64, two, 1e300, 1)
        .tensor("y", DType.BF16, two, 1, 0.5)
        .write();
    sums("b")
        .says("n_examples", "4")
        .tensor("x", DType.F64, two, 1e300, 1e-300)
        .tensor("y", DType.BF16, two, 1.0 / 256, 0.75)
        .write();

    assertThat(addition.add("s3://b/a", "s3://b/b", OUT).examples()).hasValue("7");
    assertThat(added("x")).containsExactly(2e300, 1);
    assertThat(added("y")).as("in float32").containsExactly(1.00390625, 1.25);
  }

  @Test
  void sumsThatFloat32CannotHoldAreRefusedByTheirPlace() throws IOException {
    int elements = (1 << 18) + 9;
    double[] large = new double[elements];
    large[elements - 2] = 3e38;
    sums("a").floats("v", 1).floats("w", large).write();
    sums("b").floats("v", 1).floats("w", large).write();
    refused(
        "element 262151 of w would be 6.0000000109955115E38; look at both, they may be damaged");
  }

  @Test
  void sumsThatFloat64CannotHoldAreRefusedToo() throws IOException {
    sums("a").tensor("w", DType.F64, Shape.of(1), 1.2e308).write();
    sums("b").tensor("w", DType.F64, Shape.of(1), 1.2e308).write();
    refused("element 0 of w would be Infinity; look at both, they may be damaged");
  }

  @Test
  void whatIsWrongWithOneIsSaidWithItsName() throws IOException {
    sums("a").floats("w", 1).write();
    sums("b").floats("w", -1).floats("v", -2).write();
    refused(
        "s3://b/b: element 0 of v is -2.0, but is a sum of squares. Compute it again; element 0 of"
            + " w is -1.0, but is a sum of squares. Compute it again");
  }

  @ParameterizedTest
  @CsvSource({
    "s3://b/a, s3://b/a",
    "s3://b/a, s3://b/a/",
    "s3://b/a, s3a://b/a",
  })
  void oneOfTwoNamesIsNotAddedToItself(String first, String second) {
    sums("a").floats("w", 1).write();
    refused(
        first,
        second,
        "%s is both of them, so all its examples would count twice. Name another".formatted(first));
  }

  @Test
  void aFileIsNotAddedToItsFolder() {
    sums("a").floats("w", 1).write();
    refused(
        "s3://b/a",
        "s3://b/a/model.safetensors",
        "s3://b/a and s3://b/a/model.safetensors both have s3://b/a/model.safetensors, so its"
            + " examples would count twice. Name another");
  }

  @Test
  void theOutputIsAFolderThatIsNeitherOfThem() {
    sums("a").floats("w", 1).write();
    sums("b").floats("w", 1).write();
    assertThatThrownBy(() -> addition.add("s3://b/a", "s3://b/b", "s3://b/sum.safetensors"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "s3://b/sum.safetensors is to be a folder, in which statistics.safetensors will lie;"
                + " name one without .safetensors");
    assertThatThrownBy(() -> addition.add("s3://b/a", "s3://b/b", "s3://b/b"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "s3://b/b is the statistics s3://b/b, whose place is s3a://b/b. Name another folder for"
                + " the output");
  }

  @Test
  void anOutputThatHoldsSomethingStaysAsItIs() throws IOException {
    sums("a").floats("w", 1).write();
    sums("b").floats("w", 1).write();
    store.write(new Location(OUT + "/notes.txt"), new byte[3]);
    assertThatThrownBy(() -> addition.add("s3://b/a", "s3://b/b", OUT))
        .isInstanceOf(OutputOccupiedException.class);
    assertThat(store.tree(new Location(OUT), 9)).containsExactly("notes.txt");
  }
}
