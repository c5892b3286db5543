package dev.stockpot.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** What engines report of tasks that failed, in words for a user. */
class TaskFailureTest {
  private static Exception wrapped(Throwable cause) {
    return new IllegalStateException(
        "Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times\n\tat some.Class",
        new RuntimeException("in between", cause));
  }

  @Test
  void whatAUserCanMendIsItselfHoweverDeepItLies() {
    UserException mine =
        new UserException("make room") {
          private static final long serialVersionUID = 1;

          @Override
          public FailureKind kind() {
            return FailureKind.STORAGE;
          }
        };
    assertThat(TaskFailure.of(wrapped(mine))).isSameAs(mine);
    assertThat(TaskFailure.of(mine)).isSameAs(mine);
    assertThat(TaskFailure.of(wrapped(new IOException("outer", mine))).getMessage())
        .isEqualTo("A task failed, also when it was tried again: outer");
  }

  @Test
  void whatAStoreSaidIsToldAsOften() {
    UserException told =
        TaskFailure.of(wrapped(new UncheckedIOException(new IOException("reset"))));
    assertThat(told)
        .hasMessage("A task failed, also when it was tried again: reset")
        .hasRootCauseMessage("reset");
  }

  @Test
  void ofAllElseTheFirstLineIsTold() {
    UserException told = TaskFailure.of(wrapped(new IllegalArgumentException("a fault")));
    assertThat(told.getMessage())
        .isEqualTo(
            "Spark gave up: Job aborted due to stage failure: Task 3 in stage 1.0 failed 4 times");
    assertThat(told.getMessage().lines()).hasSize(1);
  }

  @Test
  void aFailureWithoutWordsHasSome() {
    assertThat(TaskFailure.of(new RuntimeException())).hasMessage("Spark gave up: null");
    assertThat(TaskFailure.of(new RuntimeException(""))).hasMessage("Spark gave up: ");
  }
}
