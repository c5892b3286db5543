package dev.stockpot.kernels.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScanScopeTest {
  @Test
  void groupsOfOneNameAreOneScope() {
    assertThat(ScanScope.group("layer 3")).isEqualTo(ScanScope.group("layer 3"));
    assertThat(ScanScope.group("layer 3")).isNotEqualTo(ScanScope.group("layer 4"));
    assertThat(ScanScope.group("layer 3")).hasToString("group layer 3");
  }

  @Test
  void onlyATensorIsAScopeOfItsOwn() {
    assertThat(ScanScope.TENSOR.isShared()).isFalse();
    assertThat(ScanScope.MODEL.isShared()).isTrue();
    assertThat(ScanScope.group("g").isShared()).isTrue();
    assertThat(ScanScope.MODEL.isModel()).isTrue();
    assertThat(ScanScope.group("g").isModel()).isFalse();
    assertThat(ScanScope.TENSOR).hasToString("tensor");
    assertThat(ScanScope.MODEL).hasToString("model");
  }

  @Test
  void aGroupHasAName() {
    assertThatThrownBy(() -> ScanScope.group(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scope GROUP with the group ''");
    assertThatThrownBy(() -> new ScanScope(ScanScope.Kind.MODEL, "g"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("scope MODEL with the group 'g'");
  }
}
