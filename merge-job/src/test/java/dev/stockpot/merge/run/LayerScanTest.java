package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How unlike layers are to their neighbours, by a sample of their weights. */
class LayerScanTest {
  @TempDir private Path folder;
  private final ReadLog store = new ReadLog();

  /** A model whose layers are these vectors, each as a matrix of two rows. */
  private List<Double> scores(float[]... layers) throws IOException {
    Files.writeString(
        folder.resolve("config.json"), "{\"num_hidden_layers\": %s}".formatted(layers.length));
    List<OutputTensor> tensors = new ArrayList<>();
    for (int i = 0; i < layers.length; i++) {
      String name = "model.layers.%s.mlp.weight".formatted(i);
      tensors.add(new OutputTensor(name, DType.BF16, Shape.of(2, layers[i].length / 2)));
    }
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      out.write(SafetensorsLayout.CHECKPOINT.header(tensors).array());
      for (float[] layer : layers) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * layer.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : layer) {
          bytes.putShort(Bfloat16.fromFloat(number));
        }
        out.write(bytes.array());
      }
    }
    Model model = Model.of(CheckpointReader.open(store, new Location(folder.toString())));
    ModelReference name = new ModelReference("m", 1);
    return new LayerScan(store, Map.of(name, model)).of("m", "");
  }

  @Test
  void aLayerLikeTheNextMattersLess() throws IOException {
    List<Double> scores =
        scores(new float[] {1, 0}, new float[] {0, 1}, new float[] {0, 2}, new float[] {0, -2});
    assertThat(scores).hasSize(4);
    assertThat(scores.get(0)).as("at right angles to the next").isCloseTo(1, within(1e-9));
    assertThat(scores.get(1)).as("the same direction").isCloseTo(0, within(1e-9));
    assertThat(scores.get(2)).as("the opposite one").isCloseTo(2, within(1e-9));
    assertThat(scores.get(3)).as("the last, as the one before").isCloseTo(2, within(1e-9));
  }

  @Test
  void oneLayerHasNoNeighbour() throws IOException {
    assertThat(scores(new float[] {1, 0})).isEmpty();
  }

  @Test
  void layersOfZerosAreUnlikeAll() throws IOException {
    assertThat(scores(new float[] {0, 0}, new float[] {0, 0})).containsExactly(1.0, 1.0);
  }

  @Test
  void onlyASampleOfALargeTensorIsRead() throws IOException {
    float[] large = new float[1 << 18];
    Arrays.fill(large, 1);
    assertThat(scores(large, large)).hasSize(2).allMatch(score -> Math.abs(score) < 1e-9);
    assertThat(store.most(1 << 10).values()).as("of the end").allMatch(times -> times == 0);
    assertThat(store.most(1 << 20).values()).as("of both layers").allMatch(times -> times > 0);
  }
}
