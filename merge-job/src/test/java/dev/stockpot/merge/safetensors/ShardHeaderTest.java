package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardHeaderTest {
  private static final Location FILE =
      new Location("s3://models/a/model-00002-of-00004.safetensors");

  private final MemoryStore store = new MemoryStore();

  private ShardHeader parse(byte[] file) throws IOException {
    store.write(FILE, file);
    StoredObject shard = store.find(FILE).orElseThrow();
    try (RangeReader reader = store.open(shard)) {
      return ShardHeader.parse(shard, reader);
    }
  }

  private void assertCorrupt(byte[] file, String message) {
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(CorruptShardException.class)
        .hasMessage(FILE + ", " + message);
  }

  /** For the many faults whose remedy is the same. */
  private void assertCorrupt(String header, int dataBytes, String message) {
    assertCorrupt(
        ShardBytes.shard(header, dataBytes),
        message + ". Fetch the shard again, or ask those who made it");
  }

  private static String entry(String name, String dtype, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, dtype, shape, offsets);
  }

  private static String header(String... entries) {
    return "{" + String.join(",", entries) + "}";
  }

  @Test
  void findsTensorsInTheOrderInWhichTheyLie() throws IOException {
    String header =
        header(
            "\"__metadata__\":{\"format\":\"pt\",\"made by\":\"å\"}",
            entry("b", "F32", "[2,2]", "[4,20]"),
            entry("a", "BF16", "[2]", "[0,4]"));

    ShardHeader parsed = parse(ShardBytes.shard(header + "   \n", 20));

    long data = 8L + header.getBytes(UTF_8).length + 4;
    StoredObject shard = store.find(FILE).orElseThrow();
    assertThat(parsed.tensors())
        .containsExactly(
            new TensorInfo("a", DType.BF16, Shape.of(2), shard, new ByteRange(data, data + 4)),
            new TensorInfo(
                "b", DType.F32, Shape.of(2, 2), shard, new ByteRange(data + 4, data + 20)));
    assertThat(parsed.metadata()).isEqualTo(Map.of("format", "pt", "made by", "å"));
  }

  @Test
  void acceptsAShardWithoutTensors() throws IOException {
    assertThat(parse(ShardBytes.shard("{}", 0)).tensors()).isEmpty();
  }

  @Test
  void acceptsScalarsEmptyTensorsAndPackedElements() throws IOException {
    String header =
        header(
            entry("empty", "F32", "[0,7]", "[4,4]"),
            entry("packed", "F4", "[3,2]", "[4,7]"),
            entry("scalar", "F32", "[]", "[0,4]"),
            entry("last", "F32", "[0]", "[7,7]"));

    assertThat(parse(ShardBytes.shard(header, 7)).tensors())
        .extracting(TensorInfo::name)
        .containsExactly("scalar", "empty", "packed", "last");
  }

  @Test
  void readsAnOrdinaryHeaderInOneRequest() throws IOException {
    parse(ShardBytes.shardOf("a", "b", "c"));

    assertThat(store.count(MemoryStore.Request.READ)).isEqualTo(1);
  }

  @Test
  void readsEightThousandTensorsInTwoRequestsAndNoTime() throws IOException {
    List<OutputTensor> tensors = new ArrayList<>();
    for (int i = 0; i < 8_000; i++) {
      String name = "model.layers.%s.mlp.experts.%s.down_proj.weight".formatted(i / 100, i % 100);
      tensors.add(new OutputTensor(name, DType.BF16, Shape.of(1, 2)));
    }
    byte[] file = ShardBytes.shard(tensors.toArray(OutputTensor[]::new));

    Duration best = Duration.ofDays(1);
    for (int attempt = 0; attempt < 5; attempt++) { // others use this machine, too
      Instant begin = Instant.now();
      assertThat(parse(file).tensors()).hasSize(8_000);
      Duration took = Duration.between(begin, Instant.now());
      best = took.compareTo(best) < 0 ? took : best;
    }

    assertThat(best).isLessThan(Duration.ofMillis(300));
    assertThat(store.count(MemoryStore.Request.READ)).isEqualTo(5 * 2);
    int front = file.length - 8_000 * 4;
    assertThat(store.bytesRead()).isLessThanOrEqualTo(5L * front);
  }

  @Test
  void rejectsAnEmptyFile() {
    assertCorrupt(
        new byte[0],
        "bytes 0-0: the file is empty. Fetch the shard again, or ask those who made it");
  }

  @Test
  void rejectsAFileShorterThanTheShortestShard() {
    assertCorrupt(
        new byte[5],
        "bytes 0-5: the file has only 5 bytes, a shard has at least 10."
            + " Fetch the shard again, or ask those who made it");
  }

  @ParameterizedTest
  @CsvSource({
    "576460752370749515, 576460752370749515",
    "-1, 18446744073709551615",
    "4089, 4089",
    "1, 1",
    "0, 0"
  })
  void rejectsAHeaderLengthThatDoesNotFitTheFile(long length, String shown) {
    byte[] file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();

    assertCorrupt(
        file,
        "bytes 0-8: header length is %s, must be 2 to 4088. Fetch the shard again;".formatted(shown)
            + " if it is a PyTorch .bin file, convert it to safetensors first");
  }

  @Test
  void rejectsAHeaderLongerThanTheFormatAllowsWithoutReadingIt() {
    byte[] start =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0x7fff_ffff).array();
    StoredObject shard = new StoredObject(FILE, 1L << 40, "");
    RangeReader reader =
        new RangeReader() {
          @Override
          public void read(long position, ByteBuffer into) {
            assertThat(into.remaining()).isEqualTo(64 << 10);
            into.put(start).position(into.limit());
          }

          @Override
          public void close() {}
        };

    assertThatThrownBy(() -> ShardHeader.parse(shard, reader))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("header length is 2147483647, must be 2 to 100000000");
  }

  @Test
  void rejectsAHeaderThatDoesNotBeginWithABrace() {
    assertCorrupt(
        ShardBytes.shard(" {}", 0),
        "bytes 8-9: header does not begin with '{'. Fetch the shard again;"
            + " if it is a PyTorch .bin file, convert it to safetensors first");
  }

  static List<Arguments> foreignFiles() {
    return List.of(
        Arguments.of(
            "PK\3\4 and so on",
            "a PyTorch checkpoint or another zip archive. Pickles are never opened here"),
        Arguments.of(
            "\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P",
            "a Python pickle. Pickles are never opened here"),
        Arguments.of(
            "version https://git-lfs.github.com/spec/v1\noid sha256:",
            "a git-lfs pointer, without the weights it stands for. Run `git lfs pull`"),
        Arguments.of(
            "GGUF\3 and so on", "a GGUF file. Use the safetensors files that it was made from"),
        Arguments.of(
            "<!DOCTYPE html>",
            "a web page or an error message of a server. Fetch the shard again"));
  }

  @ParameterizedTest
  @MethodSource("foreignFiles")
  void rejectsAnotherFormatByItsName(String start, String what) {
    byte[] file = Arrays.copyOf(start.getBytes(ISO_8859_1), 100);

    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("must be 2 to 92; it is " + what);
  }

  @Test
  void aHeaderLengthThatLooksLikeAPickleIsNoPickle() throws IOException {
    byte[] header = Arrays.copyOf("{}".getBytes(UTF_8), 0x280); // 80 02, as a pickle begins
    Arrays.fill(header, 2, header.length, (byte) ' ');

    assertThat(parse(ShardBytes.shard(header, 0)).tensors()).isEmpty();
  }

  @Test
  void rejectsAHeaderThatIsNotUtf8() {
    byte[] header = "{\"caf\u00e9\":1}".getBytes(ISO_8859_1);

    assertCorrupt(
        ShardBytes.shard(header, 0),
        "bytes 13-14: header is not UTF-8 text."
            + " Fetch the shard again, or ask those who made it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-32LE"})
  void rejectsAHeaderInAnotherEncoding(String encoding) {
    byte[] header = "{}".getBytes(Charset.forName(encoding));

    assertThatThrownBy(() -> parse(ShardBytes.shard(header, 0)))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageContaining("bytes 9-10: header is not UTF-8 text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{]",
        "{'a':1}",
        "{\"a\" 1}",
        "{/**/}",
        "{\"a\":NaN}",
        "{\"a\":{",
        "{}}",
        "{\0}"
      })
  void rejectsAHeaderThatIsNotJson(String header) {
    assertThatThrownBy(() -> parse(ShardBytes.shard(header + "    ", 0)))
        .isInstanceOf(CorruptShardException.class)
        .hasMessageMatching(
            "(?s)\\Q%s\\E, bytes \\d+-\\d+: (header is not (JSON|UTF-8)|tensor 'a' is not an object).*"
                .formatted(FILE));
  }

  @Test
  void saysWhereTheJsonEnds() {
    assertCorrupt("{\"a\":1, x", 0, "bytes 13-14: tensor 'a' is not an object");
    assertThatThrownBy(() -> parse(ShardBytes.shard("{\"__metadata__\":{} x }", 0)))
        .hasMessageContaining("bytes 25-28: header is not JSON: Unexpected character ('x'");
  }

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
      strings = {"-1", "1.0", "1e3", "\"1\"", "null", "9223372036854775808", "[1]", "{}", "true"})
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
