package dev.stockpot.merge.run;

import java.util.ArrayList;
import java.util.List;

/** Keeps the notices that it hears. */
final class Notices implements MergeListener {
  final List<String> told = new ArrayList<>();

  @Override
  public void noticed(String notice) {
    told.add(notice);
  }
}
