package dev.stockpot.merge.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers whose entries do not fit the bytes behind them, or each other. */
class ShardHeaderFaultsTest extends ShardHeaderCases {
  @Test
  void rejectsAnythingBehindTheObject() {
    assertCorrupt("{} {}", 0, "bytes 11-12: something follows the header's JSON object");
  }

  @Test
  void rejectsATensorThatIsThereTwice() {
    assertCorrupt(
        header(entry("a", "U8", "[1]", "[0,1]"), entry("a", "U8", "[1]", "[1,2]")),
        2,
        "bytes 61-66: tensor 'a' is there twice");
  }

  @Test
  void rejectsAKeyThatIsThereTwice() {
    assertCorrupt(
        "{'a':{'dtype':'U8','dtype':'U8','shape':[1],'data_offsets':[0,1]}}".replace('\'', '"'),
        1,
        "bytes 35-39: tensor 'a' has dtype twice");
    assertCorrupt(
        "{'a':{'dtype':'U8','shape':[1],'shape':[1],'data_offsets':[0,1]}}".replace('\'', '"'),
        1,
        "bytes 49-50: tensor 'a' has shape twice");
    assertCorrupt(
        "{'a':{'data_offsets':[0,1],'data_offsets':[0,1],'dtype':'U8','shape':[1]}}"
            .replace('\'', '"'),
        1,
        "bytes 54-55: tensor 'a' has data_offsets twice");
  }

  @Test
  void rejectsAnUnknownKey() {
    assertCorrupt(
        "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1],'strides':[1]}}".replace('\'', '"'),
        1,
        "bytes 60-71: tensor 'a' has the unknown key 'strides'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "dtype|{'shape':[1],'data_offsets':[0,1]}",
        "shape|{'dtype':'U8','data_offsets':[0,1]}",
        "data_offsets|{'dtype':'U8','shape':[1]}",
      })
  void rejectsAMissingKey(String key, String entry) {
    String header = ("{'a':" + entry + "}").replace('\'', '"');

    assertCorrupt(
        header, 1, "bytes 9-%s: tensor 'a' has no %s".formatted(8 + header.length() - 1, key));
  }

  @Test
  void rejectsAnUnknownDType() {
    assertThatThrownBy(() -> parse(ShardBytes.shard(header(entry("a", "bf16", "[1]", "[0,2]")), 2)))
        .hasMessageContaining(
            "bytes 22-28: tensor 'a': dtype is 'bf16', must be one of BOOL, F4, F6_E2M3,");
    assertCorrupt("{\"a\":{\"dtype\":7}}", 0, "bytes 22-23: tensor 'a': dtype is not text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-0",
        "1.0",
        "1e3",
        "\"1\"",
        "null",
        "9223372036854775808",
        "[1]",
        "{}",
        "true"
      })
  void rejectsADimensionThatIsNotAWholeNumber(String dimension) {
    assertThatThrownBy(
            () ->
                parse(
                    ShardBytes.shard(
                        header(entry("a", "U8", "[1," + dimension + "]", "[0,1]")), 1)))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("tensor 'a': '")
        .hasMessageContaining("in shape is not a whole number from 0 to 9223372036854775807");
  }

  @Test
  void rejectsOffsetsFromMinusZero() {
    assertCorrupt(
        header(entry("a", "U8", "[1]", "[-0,1]")),
        1,
        "bytes 55-57: tensor 'a': '-0' in data_offsets is not a whole number from 0 to"
            + " 9223372036854775807");
  }

  @Test
  void rejectsAShapeThatIsNoList() {
    assertCorrupt(
        header(entry("a", "U8", "1", "[0,1]")), 1, "bytes 35-36: tensor 'a': shape is not a list");
  }

  @Test
  void rejectsMoreDimensionsThanAnybodyHas() {
    String shape = Collections.nCopies(65, 1).toString();

    assertThatThrownBy(() -> parse(ShardBytes.shard(header(entry("a", "U8", shape, "[0,1]")), 1)))
        .hasMessageContaining("tensor 'a': shape has more than 64 numbers");
  }

  @Test
  void rejectsAShapeWhoseProductOverflows() {
    assertThatThrownBy(
            () ->
                parse(
                    ShardBytes.shard(
                        header(entry("a", "U8", "[4294967296,4294967296]", "[0,0]")), 0)))
        .hasMessageContaining("tensor 'a': shape [4294967296, 4294967296] is larger than any file");
    assertThatThrownBy(
            () ->
                parse(
                    ShardBytes.shard(
                        header(entry("a", "F64", "[4611686018427387904]", "[0,0]")), 0)))
        .hasMessageContaining("tensor 'a': F64 [4611686018427387904] is larger than any file");
  }

  @Test
  void rejectsPackedElementsThatDoNotFillTheirLastByte() {
    String entry = entry("a", "F4", "[3]", "[0,2]");

    assertCorrupt(
        header(entry),
        2,
        "bytes 9-%s: tensor 'a': 3 F4 elements do not fill whole bytes"
            .formatted(9 + entry.length()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[2,1]|[2, 1]", "[]|[]", "[0]|[0]"})
  void rejectsOffsetsThatAreNoRange(String offsets, String shown) {
    assertThatThrownBy(() -> parse(ShardBytes.shard(header(entry("a", "U8", "[1]", offsets)), 1)))
        .hasMessageContaining(
            "tensor 'a': data_offsets are %s, must be begin and end".formatted(shown));
  }

  @Test
  void rejectsMoreThanTwoOffsets() {
    assertThatThrownBy(() -> parse(ShardBytes.shard(header(entry("a", "U8", "[1]", "[0,1,2]")), 1)))
        .hasMessageContaining("tensor 'a': data_offsets has more than 2 numbers");
  }

  @Test
  void rejectsATensorWithMoreOrFewerBytesThanItTakes() {
    String entry = entry("a", "F32", "[2,3]", "[0,23]");

    assertCorrupt(
        header(entry),
        23,
        "bytes 9-%s: tensor 'a': F32 [2, 3] takes 24 bytes, its data_offsets give it 23"
            .formatted(9 + entry.length()));
  }

  @Test
  void rejectsOverlappingTensors() {
    String a = entry("a", "U8", "[4]", "[0,4]");
    String b = entry("b", "U8", "[4]", "[3,7]");

    assertCorrupt(
        header(b, a),
        7,
        "bytes 9-%s: tensors 'a' and 'b' overlap: data_offsets 0-4 and 3-7"
            .formatted(9 + b.length()));
  }

  @Test
  void rejectsTensorsThatShareTheirBytes() {
    String a = entry("a", "U8", "[4]", "[0,4]");
    String b = entry("b", "U8", "[4]", "[0,4]");

    assertThatThrownBy(() -> parse(ShardBytes.shard(header(a, b), 4)))
        .hasMessageContaining("tensors 'a' and 'b' overlap: data_offsets 0-4 and 0-4");
  }

  @Test
  void rejectsBytesBetweenTensors() {
    String a = entry("a", "U8", "[4]", "[0,4]");
    String b = entry("b", "U8", "[1]", "[6,7]");

    assertCorrupt(
        header(a, b),
        7,
        "bytes %s-%s: data_offsets 4-6, before tensor 'b', belong to no tensor"
            .formatted(10 + a.length(), 10 + a.length() + b.length()));
  }

  @Test
  void rejectsBytesBeforeTheFirstTensor() {
    assertThatThrownBy(() -> parse(ShardBytes.shard(header(entry("a", "U8", "[1]", "[1,2]")), 2)))
        .hasMessageContaining("data_offsets 0-1, before tensor 'a', belong to no tensor");
  }

  @Test
  void rejectsBytesAfterTheLastTensor() {
    String header = header(entry("a", "U8", "[1]", "[0,1]"));
    int data = 8 + header.length();

    assertCorrupt(
        header,
        6,
        "bytes %s-%s: 5 bytes after the last tensor belong to none".formatted(data, data + 6));
  }

  @Test
  void saysHowManyBytesOfACutOffFileAreMissing() {
    String header = header(entry("a", "F32", "[100]", "[0,400]"));
    int data = 8 + header.length();

    assertCorrupt(
        header,
        123,
        "bytes %s-%s: the file is cut off: its tensors take 277 bytes more"
            .formatted(data, data + 123));
  }

  @Test
  void rejectsOffsetsFarBeyondTheFile() {
    String most = "1000000000000000000";
    assertThatThrownBy(
            () ->
                parse(
                    ShardBytes.shard(
                        header(entry("a", "U8", "[" + most + "]", "[0," + most + "]")), 7)))
        .hasMessageContaining(
            "the file is cut off: its tensors take 999999999999999993 bytes more");
  }

  @Test
  void rejectsMetadataThatIsNotText() {
    assertCorrupt("{\"__metadata__\":7}", 0, "bytes 24-25: __metadata__ is not an object");
    assertCorrupt(
        "{\"__metadata__\":{\"a\":[]}}", 0, "bytes 29-30: 'a' in __metadata__ is not text");
  }

  @Test
  void rejectsMetadataThatIsThereTwice() {
    assertThatThrownBy(
            () -> parse(ShardBytes.shard("{\"__metadata__\":{},\"__metadata__\":{}}", 0)))
        .hasMessageContaining("header has __metadata__ twice");
    assertThatThrownBy(
            () -> parse(ShardBytes.shard("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0)))
        .hasMessageContaining("__metadata__ has 'a' twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\ud800", "\\udc00a", "\\ud800\\ud800"})
  void rejectsHalvesOfCharactersWhichNobodyCouldWriteAgain(String half) {
    String tensor = header(entry(half, "U8", "[0]", "[0,0]"));
    String value = "{\"__metadata__\":{\"a\":\"%s\"}}".formatted(half);

    assertThatThrownBy(() -> parse(ShardBytes.shard(tensor, 0)))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("surrogate");
    assertThatThrownBy(() -> parse(ShardBytes.shard(value, 0)))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("'a' in __metadata__ holds half of a character");
  }

  @Test
  void showsNamesOnOneLineAndNotTooLong() {
    String name = "a\\n\\u001b[31m" + "b".repeat(1000);

    assertThatThrownBy(() -> parse(ShardBytes.shard("{\"" + name + "\":1}", 0)))
        .hasMessageContaining("tensor 'a\\u000a\\u001b[31mbbb")
        .hasMessageContaining("bbb…' is not an object")
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1).hasSizeLessThan(400));
  }

  @Test
  void deepNestingIsNoDanger() {
    assertThatThrownBy(() -> parse(ShardBytes.shard("{\"a\":" + "[".repeat(1_000_000), 0)))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("tensor 'a' is not an object");
  }
}
