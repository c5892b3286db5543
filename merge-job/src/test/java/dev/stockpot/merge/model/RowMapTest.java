package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A row comes from where it was said to come from, however many runs there are. */
class RowMapTest {
  private static RowMap sent(RowMap map) throws IOException, ClassNotFoundException {
    return (RowMap) new ObjectInputStream(new ByteArrayInputStream(bytes(map))).readObject();
  }

  private static byte[] bytes(RowMap map) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(map);
    }
    return bytes.toByteArray();
  }

  @Test
  void rowsThatFollowEachOtherAreOneRun() {
    RowMap map =
        new RowMap.Builder().add(0, 5).add(0, 6).add(0, 7, 3).add(1, 10).add(0, 11).build();
    assertThat(map.rows()).isEqualTo(7);
    assertThat(map.runs(0, 7))
        .containsExactly(
            new RowMap.Run(0, 5, 0, 5), new RowMap.Run(5, 1, 1, 10), new RowMap.Run(6, 1, 0, 11));
  }

  @Test
  void zerosAreOneRunWhatevertheyFollow() {
    RowMap map = new RowMap.Builder().addZeros(2).addZeros(3).add(0, 0).addZeros(1).build();
    assertThat(map.runs(0, 7))
        .containsExactly(
            new RowMap.Run(0, 5, RowMap.NOWHERE, 0),
            new RowMap.Run(5, 1, 0, 0),
            new RowMap.Run(6, 1, RowMap.NOWHERE, 0));
  }

  @Test
  void runsAreCutWhereTheRowsThatAreAskedForBeginAndEnd() {
    RowMap map = new RowMap.Builder().add(0, 100, 10).add(1, 7, 10).build();
    assertThat(map.runs(3, 12))
        .containsExactly(new RowMap.Run(3, 7, 0, 103), new RowMap.Run(10, 2, 1, 7));
    assertThat(map.runs(10, 11)).containsExactly(new RowMap.Run(10, 1, 1, 7));
    assertThat(map.runs(19, 20)).containsExactly(new RowMap.Run(19, 1, 1, 16));
    assertThat(map.runs(5, 5)).isEmpty();
  }

  @Test
  void keepsPlacesIfEachRowStaysWhereItIs() {
    assertThat(new RowMap.Builder().add(0, 0, 9).build().keepsPlaces()).isTrue();
    assertThat(new RowMap.Builder().build().keepsPlaces()).isTrue();
    assertThat(new RowMap.Builder().add(0, 1, 9).build().keepsPlaces()).isFalse();
    assertThat(new RowMap.Builder().add(1, 0, 9).build().keepsPlaces()).isFalse();
    assertThat(new RowMap.Builder().add(0, 0, 9).addZeros(1).build().keepsPlaces()).isFalse();
  }

  @Test
  void everyRowOfARandomMapIsFoundAlsoWhenItWasSent() throws Exception {
    Random random = new Random(7);
    RowMap.Builder builder = new RowMap.Builder();
    int[] sources = new int[2_000];
    int[] rows = new int[2_000];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = random.nextInt(4) - 1;
      rows[i] = sources[i] == RowMap.NOWHERE ? 0 : random.nextInt(1 << 20);
      builder.add(sources[i], rows[i]);
    }
    for (RowMap map : List.of(builder.build(), sent(builder.build()))) {
      for (int i = 0; i < sources.length; i++) {
        assertThat(map.runs(i, i + 1)).containsExactly(new RowMap.Run(i, 1, sources[i], rows[i]));
      }
      assertThat(map.lastSource()).isEqualTo(2);
    }
  }

  @Test
  void aMapThatWasSentIsEqualAndHasTheSameDigest() throws Exception {
    RowMap map = new RowMap.Builder().add(0, 0, 128_000).add(1, 5, 3).addZeros(2).build();
    assertThat(sent(map)).isEqualTo(map).hasSameHashCodeAs(map);
    assertThat(sent(map).digest()).isEqualTo(map.digest());
    assertThat(map)
        .isNotEqualTo(new RowMap.Builder().add(0, 0, 128_000).add(1, 6, 3).addZeros(2).build());
  }

  @Test
  void digestsTellMapsApart() {
    RowMap one = new RowMap.Builder().add(0, 0, 3).add(1, 0, 1).build();
    RowMap other = new RowMap.Builder().add(0, 0, 3).add(2, 0, 1).build();
    assertThat(one.digest()).isNotEqualTo(other.digest()).hasSize(64);
  }

  @Test
  void aMapOfFewRunsIsSmallAndOneOfManyStaysBelowAMegabyte() throws IOException {
    RowMap few = new RowMap.Builder().add(0, 0, 256_000).add(1, 9, 2).build();
    assertThat(bytes(few)).hasSizeLessThan(400);
    RowMap.Builder many = new RowMap.Builder();
    Random random = new Random(1);
    for (int row = 0; row < 256_000; row++) {
      many.add(random.nextInt(2), random.nextInt(256_000));
    }
    assertThat(bytes(many.build())).hasSizeLessThan(1 << 20);
  }

  @Test
  void refusesRowsBeforeTheFirst() {
    assertThatThrownBy(() -> new RowMap.Builder().add(0, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 rows from -1 of source 0");
    assertThatThrownBy(() -> new RowMap.Builder().add(-2, 0, 4))
        .hasMessage("4 rows from 0 of source -2");
  }
}
