package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base and its adapter on an object store give the bytes that they give in folders. */
class AdapterOnS3Test {
  private static final String Q = "model.layers.0.self_attn.q_proj";
  private static final int D = 64;
  private static final String RECIPE =
      """
      merge_method: linear
      models:
      - model: base+lora
        parameters: {weight: 0.75}
      - model: base
        parameters: {weight: 0.25}
      """;

  @TempDir private Path local;
  private S3Server server;
  private Location remote;

  @BeforeEach
  void start() throws Exception {
    server = new S3Server();
    server.entries().forEach((name, value) -> System.setProperty("spark.hadoop." + name, value));
    remote = server.root().child("inputs");
    ModelFolder.at(local.resolve("base"))
        .file("config.json", "{\"num_hidden_layers\": 1}")
        .bfloats(Q + ".weight", 0, D, D)
        .write();
    ModelFolder.at(local.resolve("lora"))
        .tensor("base_model.model." + Q + ".lora_A.weight", DType.BF16, bytes(1), 8, D)
        .tensor("base_model.model." + Q + ".lora_B.weight", DType.BF16, bytes(2), D, 8)
        .adapter("\"r\": 8");
    Files.writeString(local.resolve("recipe.yml"), RECIPE);
    upload("base");
    upload("lora");
    server.write(remote.child("recipe.yml"), RECIPE.getBytes(UTF_8));
  }

  @AfterEach
  void stop() throws Exception {
    server.entries().forEach((name, value) -> System.clearProperty("spark.hadoop." + name));
    server.close();
  }

  private void upload(String folder) throws IOException {
    try (Stream<Path> files = Files.list(local.resolve(folder))) {
      for (Path file : files.toList()) {
        server.write(
            remote.child(folder).child(file.getFileName().toString()), Files.readAllBytes(file));
      }
    }
  }

  /** Small numbers of bfloat16: half of the bytes are their upper halves. */
  private static byte[] bytes(long seed) {
    byte[] bytes = new byte[2 * 8 * D];
    new Random(seed).nextBytes(bytes);
    for (int i = 1; i < bytes.length; i += 2) {
      bytes[i] = (byte) (0x3C | (bytes[i] & 0x80));
    }
    return bytes;
  }

  @Test
  void givesTheBytesOfAMergeInFolders() throws IOException {
    Path here = local.resolve("out");
    CommandLineRun.of("merge", local.resolve("recipe.yml"), here, "--set", "model-root=" + local)
        .succeeds();
    Location there = server.root().child("outputs").child("merged");
    server.forget();
    CommandLineRun.of("merge", remote.child("recipe.yml"), there, "--set", "model-root=" + remote)
        .succeeds();

    assertThat(server.read(there.child("model.safetensors")))
        .isEqualTo(Files.readAllBytes(here.resolve("model.safetensors")));
    assertThat(server.requests().stream().filter(line -> line.contains("adapter_model")).count())
        .isBetween(1L, 8L); // headers, then both factors of the one matrix
  }
}
