package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What names and first bytes of files say of them. */
class FileNamesTest {
  @ParameterizedTest
  @CsvSource({
    "model.safetensors, model, WHOLE, 0, 0",
    "model.fp16.safetensors, model.fp16, WHOLE, 0, 0",
    "model-00002-of-00010.safetensors, model, SHARD, 2, 10",
    "model.fp16-00002-of-00010.safetensors, model.fp16, SHARD, 2, 10",
    "diffusion_pytorch_model-00001-of-00002.fp16.safetensors, diffusion_pytorch_model.fp16, SHARD, 1, 2",
    "model-1-of-2.safetensors, model, SHARD, 1, 2",
    "consolidated-00001-of-0000200.safetensors, consolidated-00001-of-0000200, WHOLE, 0, 0",
    "model.safetensors.index.json, model, INDEX, 0, 0",
    "model.safetensors.index.fp16.json, model.fp16, INDEX, 0, 0",
    "a-of-b.safetensors, a-of-b, WHOLE, 0, 0"
  })
  void aNameSaysWhichPartOfWhatItIs(
      String name, String weights, ShardName.Kind kind, int number, int count) {
    assertThat(ShardName.of(name)).hasValue(new ShardName(weights, kind, number, count));
    assertThat(ShardName.of(name).orElseThrow().is(kind)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.bin",
        ".safetensors",
        "safetensors",
        "model.safetensors.json",
        "model.index.json",
        "model.safetensors.bak",
        "model.SAFETENSORS"
      })
  void otherNamesSayNothing(String name) {
    assertThat(ShardName.of(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "README.md, WRITTEN",
    "stockpot-manifest.json, WRITTEN",
    ".gitattributes, HIDDEN",
    ".env, HIDDEN",
    "pytorch_model.bin, WEIGHTS",
    "optimizer.PT, WEIGHTS",
    "model.safetensors.index.json, WEIGHTS",
    "model.safetensors.index.fp16.json, WEIGHTS",
    "model.onnx_data, WEIGHTS",
    "modeling_x.py, CODE",
    "demo.ipynb, CODE",
    "mergekit_config.yml, MAKING",
    "mergekit_moe_config.yaml, MAKING",
    "events.out.tfevents.17, MAKING",
    "train_results.json, MAKING",
    "training_args.json, MAKING",
    "latest, MAKING"
  })
  void filesThatStayBehindAreOfAKind(String name, FileKind kind) {
    assertThat(FileKind.ofFile(name)).hasValue(kind);
    assertThat(kind.why()).isNotEmpty();
  }

  /** Order counts: {@code training_args.bin} is a pickle before it is anything else. */
  @Test
  void aPickleOfHowItWasMadeIsAPickle() {
    assertThat(FileKind.ofFile("training_args.bin")).hasValue(FileKind.WEIGHTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "tokenizer.json",
        "tokenizer.model",
        "merges.txt",
        "vocab.json",
        "chat_template.jinja",
        "LICENSE",
        "preprocessor_config.json",
        "picture.png",
        "latest.txt"
      })
  void whatAModelNeedsGoesAlong(String name) {
    assertThat(FileKind.ofFile(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "checkpoint-500, WEIGHTS",
    "global_step100, WEIGHTS",
    "step_7, WEIGHTS",
    "a.mlpackage, WEIGHTS",
    "__pycache__, CODE",
    "wandb, MAKING",
    "report, WRITTEN",
    ".cache, HIDDEN"
  })
  void foldersThatStayBehindAreOfAKind(String name, FileKind kind) {
    assertThat(FileKind.ofFolder(name)).hasValue(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1_Pooling", "unet", "tokenizer", "checkpoint", "step", "onnx"})
  void namesOfOtherFoldersTellNothing(String name) {
    assertThat(FileKind.ofFolder(name)).isEmpty();
  }

  @Test
  void onlyWhatNobodyMissesIsNotWorthAWord() {
    assertThat(FileKind.values())
        .filteredOn(FileKind::isMissedByNobody)
        .containsExactly(FileKind.WRITTEN, FileKind.HIDDEN);
  }

  private static Optional<ForeignFormat> beginning(String bytes) {
    return ForeignFormat.of(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
  }

  @Test
  void otherFormatsAreKnownByTheirFirstBytes() {
    assertThat(beginning("PK\3\4rest")).hasValue(ForeignFormat.ZIP);
    assertThat(beginning("\u0080\2}q")).hasValue(ForeignFormat.PICKLE);
    assertThat(beginning("\u0080\5")).hasValue(ForeignFormat.PICKLE);
    assertThat(beginning("version https://git-lfs.github.com/spec/v1\n"))
        .hasValue(ForeignFormat.LFS_POINTER);
    assertThat(beginning("GGUF\3\0\0\0")).hasValue(ForeignFormat.GGUF);
    assertThat(beginning("\n <!DOCTYPE html>")).hasValue(ForeignFormat.WEB_PAGE);
    assertThat(beginning("<?xml version=\"1.0\"?><Error>")).hasValue(ForeignFormat.WEB_PAGE);
  }

  @Test
  void whatMayBeAShardIsNoOtherFormat() {
    assertThat(beginning("")).isEmpty();
    assertThat(beginning("P")).isEmpty();
    assertThat(beginning("\u0080\6")).as("no protocol of pickles").isEmpty();
    assertThat(beginning("@\0\0\0\0\0\0\0{\"a\"")).isEmpty();
  }

  @Test
  void looksOnlyAtTheBeginning() {
    byte[] long500 = new byte[500];
    System.arraycopy("GGUF".getBytes(ISO_8859_1), 0, long500, 100, 4);
    ByteBuffer buffer = ByteBuffer.wrap(long500);
    assertThat(ForeignFormat.of(buffer)).isEmpty();
    assertThat(buffer.position()).as("and moves nothing").isZero();
  }

  @Test
  void aPickleIsNeverOpenedAndTheOthersAreTold() {
    assertThat(ForeignFormat.PICKLE.remedy())
        .isEqualTo(ForeignFormat.ZIP.remedy())
        .startsWith("Pickles are never opened here")
        .contains("weights_only=True");
    assertThat(ForeignFormat.WEB_PAGE.remedy()).startsWith("Fetch the shard again");
    for (ForeignFormat format : ForeignFormat.values()) {
      assertThat(format.what()).startsWith("a ");
    }
  }
}
