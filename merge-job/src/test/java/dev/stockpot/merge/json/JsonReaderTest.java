package dev.stockpot.merge.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
  private static JsonReader reader(String text) {
    return JsonReader.of(text.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  void anElementIsNotLookedForBehindTheEnd() throws Exception {
    try (JsonReader json = JsonReader.of("[1]".getBytes(UTF_8))) {
      assertThat(json.beginsList()).isTrue();
      assertThat(json.nextElement()).isTrue();
      assertThat(json.nextElement()).isFalse();
      assertThatThrownBy(json::nextElement)
          .isInstanceOf(JsonException.class)
          .hasMessage("it ends where an element of a list is expected");
    }
  }

  @Test
  void stepsThroughFieldsAndElements() throws JsonException {
    try (JsonReader json = reader("{'shape':[2,-3],'skipped':[{}],'dtype':'F32'}")) {
      assertThat(json.beginsObject()).isTrue();
      assertThat(json.nextField()).isTrue();
      assertThat(json.name()).isEqualTo("shape");
      assertThat(json.beginsList()).isTrue();
      List<Long> numbers = new ArrayList<>();
      while (json.nextElement()) {
        numbers.add(json.whole().orElseThrow());
      }
      assertThat(numbers).containsExactly(2L, -3L);
      assertThat(json.nextField()).isTrue();
      json.skipValue();
      assertThat(json.nextField()).isTrue();
      assertThat(json.nextIsText()).isTrue();
      assertThat(json.text()).isEqualTo("F32");
      assertThat(json.nextField()).isFalse();
      assertThat(json.isAtEnd()).isTrue();
    }
  }

  @Test
  void saysWhetherWhatComesIsWhatMustCome() throws JsonException {
    try (JsonReader json = reader("[[],'x',1.5,9223372036854775808]")) {
      assertThat(json.beginsObject()).isFalse();
      assertThat(json.nextIsText()).isFalse();
      json.skipRest();
      assertThat(json.beginsList()).isFalse();
      assertThat(json.nextElement()).isTrue();
      assertThat(json.whole()).isEmpty();
      assertThat(json.text()).isEqualTo("1.5");
      assertThat(json.nextElement()).isTrue();
      assertThat(json.whole()).isEmpty();
      assertThat(json.nextElement()).isFalse();
    }
  }

  @Test
  void knowsWhereInTheTextItIs() throws JsonException {
    try (JsonReader json = reader("{'ab': 'c'}")) {
      assertThat(json.begin()).isZero();
      assertThat(json.end()).isZero();
      json.beginsObject();
      json.nextField();
      assertThat(json.begin()).isEqualTo(1);
      json.nextIsText();
      assertThat(json.text()).isEqualTo("c");
      assertThat(json.begin()).isEqualTo(7);
      assertThat(json.end()).isEqualTo(10);
    }
  }

  @Test
  void failsWhereTheTextIsNoJson() throws JsonException {
    try (JsonReader json = reader("{'a':tru}")) {
      json.beginsObject();
      assertThatThrownBy(json::nextField)
          .isInstanceOf(JsonException.class)
          .hasMessageContaining("Unrecognized token 'tru'");
    }
    try (JsonReader json = reader("[1,")) {
      assertThat(json.beginsList()).isTrue();
      assertThatThrownBy(json::skipRest).isInstanceOf(JsonException.class);
    }
  }

  @Test
  void readsWhatPythonWritesWhereItIsAskedTo() throws JsonException {
    try (JsonReader json = JsonReader.ofPythons("[NaN]".getBytes(UTF_8))) {
      json.beginsList();
      assertThat(json.nextElement()).isTrue();
      assertThat(json.nextElement()).isFalse();
    }
    try (JsonReader json = reader("[NaN]")) {
      json.beginsList();
      assertThatThrownBy(json::nextElement).isInstanceOf(JsonException.class);
    }
  }
}
