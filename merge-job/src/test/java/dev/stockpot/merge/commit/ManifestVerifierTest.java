package dev.stockpot.merge.commit;

import static dev.stockpot.merge.commit.SmallMerge.OUTPUT;
import static dev.stockpot.merge.commit.SmallMerge.TENSORS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.ShardBytes;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A merged checkpoint is compared with its manifest. */
class ManifestVerifierTest {
  private static final Location SHARD = OUTPUT.child("model.safetensors");
  private static final Location MANIFEST = OUTPUT.child("stockpot-manifest.json");

  private SmallMerge merge;

  @BeforeEach
  void merge() throws IOException {
    merge = new SmallMerge(1000);
    merge.run();
  }

  private ManifestVerifier open() throws IOException {
    return ManifestVerifier.open(merge.store(), OUTPUT);
  }

  @Test
  void findsNothingInWhatIsAsItWasMade() throws IOException {
    ManifestVerifier verifier = open();
    assertThat(verifier.tensors()).isEqualTo(3);
    assertThat(verifier.bytes()).isEqualTo(24);
    assertThat(verifier.verify()).isEmpty();
  }

  @Test
  void findsAFlippedByte() throws IOException {
    byte[] shard = merge.store().bytes(SHARD);
    shard[shard.length - 1] ^= 1;
    merge.store().write(SHARD, shard);
    assertThat(open().verify())
        .containsExactly(
            "t.10 in model.safetensors was changed or damaged: checksum 7e433189, was 8c28b28a");
  }

  @Test
  void findsATensorThatIsMissing() throws IOException {
    merge.store().write(SHARD, ShardBytes.shard(TENSORS[0], TENSORS[2]));
    assertThat(open().verify()).containsExactly("t.2 is missing from model.safetensors");
  }

  @Test
  void findsATensorThatWasAdded() throws IOException {
    OutputTensor[] more = Arrays.copyOf(TENSORS, 4);
    more[3] = new OutputTensor("zzz", DType.U8, Shape.of(1));
    merge.store().write(SHARD, ShardBytes.shard(more));
    assertThat(open().verify()).containsExactly("zzz in model.safetensors is not in the manifest");
  }

  @Test
  void findsAnotherTypeOrShapeOfTheSameBytes() throws IOException {
    OutputTensor[] other = TENSORS.clone();
    other[1] = new OutputTensor("t.2", DType.F16, Shape.of(4));
    merge.store().write(SHARD, ShardBytes.shard(other));
    assertThat(open().verify())
        .containsExactly("t.2 in model.safetensors is F16 [4], was BF16 [2, 2]");
  }

  @Test
  void rejectsATruncatedShard() throws IOException {
    byte[] shard = merge.store().bytes(SHARD);
    merge.store().write(SHARD, Arrays.copyOf(shard, shard.length - 1));
    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "Checkpoint merges/out cannot be used:\n- merges/out/model.safetensors");
  }

  @Test
  void rejectsACheckpointWithoutAManifest() {
    merge.store().delete(MANIFEST);
    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "merges/out/stockpot-manifest.json does not exist: only what Stockpot merged can be verified");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"format\": 2} | has format 2, this version reads 1",
        "{}             | has format , this version reads 1",
        "{\"format\"    | is not valid JSON: Unexpected end-of-input within/between Object entries",
      })
  void rejectsAManifestThatItCannotRead(String manifest, String problem) {
    merge.store().write(MANIFEST, manifest.getBytes(UTF_8));
    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessage("merges/out/stockpot-manifest.json " + problem);
  }
}
