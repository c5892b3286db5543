package dev.stockpot.merge.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is written is what a reader of the protocol reads, who knows only the types on the wire. */
class CompactThriftTest {
  /** Reads a struct: values by the numbers of fields, structs as maps, lists as lists. */
  private record Reader(ByteBuffer bytes) {
    static Map<Integer, Object> read(byte[] struct) {
      Reader reader = new Reader(ByteBuffer.wrap(struct));
      Map<Integer, Object> fields = reader.struct();
      assertThat(reader.bytes.hasRemaining()).as("something follows").isFalse();
      return fields;
    }

    private Map<Integer, Object> struct() {
      Map<Integer, Object> fields = new LinkedHashMap<>();
      int last = 0;
      while (true) {
        int head = bytes.get() & 0xFF;
        if (head == 0) {
          return fields;
        }
        assertThat(head >> 4).as("the distance of fields").isPositive();
        last += head >> 4;
        fields.put(last, value(head & 0xF));
      }
    }

    private Object value(int type) {
      return switch (type) {
        case 5 -> Math.toIntExact(zigzag());
        case 6 -> zigzag();
        case 8 -> text();
        case 9 -> list();
        case 12 -> struct();
        default -> throw new AssertionError("type " + type);
      };
    }

    private List<Object> list() {
      int head = bytes.get() & 0xFF;
      int size = head >> 4 == 15 ? Math.toIntExact(varint()) : head >> 4;
      List<Object> elements = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        elements.add(value(head & 0xF));
      }
      return elements;
    }

    private String text() {
      byte[] utf8 = new byte[Math.toIntExact(varint())];
      bytes.get(utf8);
      return new String(utf8, UTF_8);
    }

    private long zigzag() {
      long value = varint();
      return (value >>> 1) ^ -(value & 1);
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        assertThat(shift).as("bits of a number").isLessThan(70);
        long next = bytes.get();
        value |= (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }
  }

  @Property
  void numbersOfBothWidthsComeBack(@ForAll int narrow, @ForAll long wide) {
    byte[] struct = CompactThrift.struct(fields -> fields.int32(1, narrow).int64(2, wide));
    assertThat(Reader.read(struct)).isEqualTo(Map.of(1, narrow, 2, wide));
  }

  @Property
  void textsOfAnyCharactersComeBack(@ForAll String text) {
    byte[] struct = CompactThrift.struct(fields -> fields.text(4, text));
    String expected = new String(text.getBytes(UTF_8), UTF_8); // of halves of characters, nothing
    assertThat(Reader.read(struct)).isEqualTo(Map.of(4, expected));
  }

  @Property
  void listsComeBackHoweverLongTheyAre(@ForAll @Size(max = 40) List<Integer> numbers) {
    byte[] struct =
        CompactThrift.struct(
            fields ->
                fields
                    .int32s(1, numbers)
                    .texts(2, numbers.stream().map(String::valueOf).toList())
                    .structs(3, numbers, (number, inner) -> inner.int64(7, number)));
    Map<Integer, Object> read = Reader.read(struct);
    assertThat(read.get(1)).isEqualTo(numbers);
    assertThat(read.get(2)).isEqualTo(numbers.stream().map(String::valueOf).toList());
    assertThat(read.get(3))
        .isEqualTo(numbers.stream().map(number -> Map.of(7, number.longValue())).toList());
  }

  @Test
  void listsAreShortUpToFourteenElements() {
    for (int size : new int[] {0, 1, 14, 15, 16, 127, 128, 1_000}) {
      List<Integer> numbers = IntStream.range(0, size).boxed().toList();
      byte[] struct = CompactThrift.struct(fields -> fields.int32s(1, numbers));
      assertThat(Reader.read(struct)).isEqualTo(Map.of(1, numbers));
      assertThat((struct[1] & 0xF0) == 0xF0).isEqualTo(size > 14);
    }
  }

  @Test
  void structsNestAndCountTheirFieldsAnew() {
    byte[] struct =
        CompactThrift.struct(
            fields ->
                fields
                    .int32(1, 5)
                    .struct(3, inner -> inner.text(1, "a").struct(2, empty -> {}).int32(9, -1))
                    .int32(4, 6));
    assertThat(Reader.read(struct))
        .isEqualTo(Map.of(1, 5, 3, Map.of(1, "a", 2, Map.of(), 9, -1), 4, 6));
  }

  @Test
  void theBytesAreThoseOfTheSpecification() {
    byte[] struct = CompactThrift.struct(fields -> fields.int32(1, 1).int64(3, -1).text(4, "é"));
    assertThat(struct).containsExactly(0x15, 2, 0x26, 1, 0x18, 2, 0xC3, 0xA9, 0);
  }
}
