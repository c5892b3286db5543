package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checkpoints as distributed training writes them are models as they lie. */
class ShardedTrainingTest {
  private static final int ROWS = 7;
  private static final int COLUMNS = 5;

  @TempDir private Path folder;

  @BeforeEach
  void writeTwins() throws IOException {
    whole("base", 0);
    whole("twin", 1);
  }

  private static float value(int place, int model) {
    return (place * 37 % 101) / 64f + model * (place % 3) / 8f;
  }

  private void whole(String name, int model) throws IOException {
    float[] matrix = new float[ROWS * COLUMNS];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = value(i, model);
    }
    ModelFolder.at(folder.resolve(name))
        .matrix("w", matrix, ROWS, COLUMNS)
        .floats("norm", 1 + model, 2, 3)
        .write();
  }

  /** A block of the model 1, from row and column to others. */
  private record Block(int row, int column, int toRow, int toColumn) {
    float[] values() {
      List<Float> values = new ArrayList<>();
      for (int r = row; r < toRow; r++) {
        for (int c = column; c < toColumn; c++) {
          values.add(value(r * COLUMNS + c, 1));
        }
      }
      float[] all = new float[values.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = values.get(i);
      }
      return all;
    }
  }

  /** One file of one process; the first has the norm, which is whole. */
  private void shard(String name, int rank, int file, Block block) throws IOException {
    boolean hasNorm = rank == 0 && file == 1;
    String places =
        "{\"w\": {\"saved_offsets\": [%s, %s]}%s}"
            .formatted(
                block.row(), block.column(), hasNorm ? ", \"norm\": {\"saved_offsets\": [0]}" : "");
    ModelFolder shard =
        ModelFolder.at(folder.resolve(name))
            .metadata("DCP_SHARDING_INFO", places)
            .metadata("DCP_VERSION", "1.0")
            .matrix(
                "w",
                block.values(),
                block.toRow() - block.row(),
                block.toColumn() - block.column());
    if (hasNorm) {
      shard.floats("norm", 2, 2, 3);
    }
    shard.write("shard-%05d-model-%05d-of-00001.safetensors".formatted(rank, file));
  }

  private CommandLineRun merge(String model) throws IOException {
    return CommandLineRun.merging(
        folder,
        "out-" + model,
        """
        merge_method: linear
        models:
          - {model: base, parameters: {weight: 0.25}}
          - {model: %s, parameters: {weight: 0.75}}
        """
            .formatted(model));
  }

  private void mergesAsItsTwin(String model) throws IOException {
    merge("twin").succeeds();
    merge(model).succeeds();
    assertThat(folder.resolve("out-" + model).resolve("model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("out-twin/model.safetensors"));
  }

  @Test
  void rowsOfTwoProcessesAreOneTensor() throws IOException {
    shard("rows", 0, 1, new Block(0, 0, 4, 5));
    shard("rows", 1, 1, new Block(4, 0, 7, 5));

    mergesAsItsTwin("rows");
  }

  @Test
  void unevenBlocksOfAGridAreOneTensor() throws IOException {
    shard("grid", 0, 1, new Block(0, 0, 3, 2));
    shard("grid", 1, 1, new Block(0, 2, 3, 5));
    shard("grid", 2, 1, new Block(3, 0, 7, 4));
    shard("grid", 3, 1, new Block(3, 4, 7, 5));

    mergesAsItsTwin("grid");
  }

  @Test
  void columnsAreOneTensor() throws IOException {
    shard("columns", 0, 1, new Block(0, 0, 7, 1));
    shard("columns", 1, 1, new Block(0, 1, 7, 3));
    shard("columns", 2, 1, new Block(0, 3, 7, 5));

    mergesAsItsTwin("columns");
  }

  private void refused(String model, String... words) throws IOException {
    CommandLineRun run = merge(model);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains(words).doesNotContain("fault of Stockpot", "\tat ");
  }

  @Test
  void refusesABlockThatIsMissing() throws IOException {
    shard("hole", 0, 1, new Block(0, 0, 3, 2));
    shard("hole", 1, 1, new Block(0, 2, 3, 5));
    shard("hole", 2, 1, new Block(3, 0, 7, 4));

    refused(
        "hole",
        "a block of w is missing: along axis 1 nothing holds 0 to 5 but 0 to 4",
        "Fetch the files of all processes");
  }

  @Test
  void refusesAProcessThatIsMissing() throws IOException {
    shard("gap", 0, 1, new Block(0, 0, 4, 5));
    shard("gap", 2, 1, new Block(4, 0, 7, 5));

    refused("gap", "shard-00001 of the processes up to 00002 is not there");
  }

  @Test
  void theLastProcessIsMissedByTheShape() throws IOException {
    shard("short", 0, 1, new Block(0, 0, 4, 5));

    refused("short", "w", "[7, 5]", "[4, 5]");
  }

  @ParameterizedTest
  @CsvSource({"3, 0, 7, 5", "0, 0, 4, 5", "2, 2, 7, 5"})
  void refusesBlocksThatLieOverEachOther(int row, int column, int toRow, int toColumn)
      throws IOException {
    shard("over", 0, 1, new Block(0, 0, 4, 5));
    shard("over", 1, 1, new Block(row, column, toRow, toColumn));

    refused("over", "blocks of w lie over each other", "Take the files of one save");
  }

  @Test
  void refusesAFileThatDoesNotSayWhereItsBlocksLie() throws IOException {
    ModelFolder.at(folder.resolve("plain"))
        .floats("w", 1, 2)
        .write("shard-00000-model-00001-of-00001.safetensors");

    refused("plain", "does not say where its blocks lie (DCP_SHARDING_INFO)");
  }

  @Test
  void refusesPicklesOfDistributedTrainingWithTheirConverter() throws IOException {
    Path classic = Files.createDirectories(folder.resolve("classic"));
    Files.write(classic.resolve("__0_0.distcp"), new byte[] {1});
    Files.write(classic.resolve(".metadata"), new byte[] {1});
    refused("classic", "a distributed checkpoint of PyTorch", "dcp_to_torch");

    Path megatron = Files.createDirectories(folder.resolve("megatron"));
    Files.write(megatron.resolve("common.pt"), new byte[] {1});
    Files.writeString(megatron.resolve("metadata.json"), "{}");
    Files.write(megatron.resolve("__0_0.distcp"), new byte[] {1});
    refused("megatron", "a torch_dist checkpoint of Megatron", "Megatron-Bridge");
  }

  @Test
  void consolidatedFilesBesideThemAreTheModel() throws IOException {
    ModelFolder.at(folder.resolve("both"))
        .matrix("w", new Block(0, 0, 7, 5).values(), ROWS, COLUMNS)
        .floats("norm", 2, 2, 3)
        .write(SafetensorsLayout.CHECKPOINT, 1);
    assertThat(folder.resolve("both")).isDirectory();

    mergesAsItsTwin("both");
  }
}
