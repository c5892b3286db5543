package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Models of two layers, a matrix each. */
final class SmallModels {
  static final int TENSORS = 2;
  private static final int ROWS = 64;
  private static final int COLUMNS = 128;

  /** Of the tensors of one model. */
  static final long BYTES = 2L * TENSORS * ROWS * COLUMNS;

  private SmallModels() {}

  static void write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), "{\"num_hidden_layers\": 2}");
    List<OutputTensor> tensors =
        List.of(tensor("model.layers.0.mlp.weight"), tensor("model.layers.1.mlp.weight"));
    Random random = new Random(seed);
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      out.write(SafetensorsLayout.CHECKPOINT.header(tensors).array());
      for (int i = 0; i < TENSORS; i++) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * ROWS * COLUMNS).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
          bytes.putShort(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
        out.write(bytes.array());
      }
    }
  }

  private static OutputTensor tensor(String name) {
    return new OutputTensor(name, DType.BF16, Shape.of(ROWS, COLUMNS));
  }
}
