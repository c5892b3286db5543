package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.recipe.TokenChoice;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where the models of a merge take the row of each token from. A model that has the token has its
 * row. Else it is what the recipe says; else that of the only model that has it; else the base
 * model's; else the mean of those of all models that have it.
 */
final class RowOrigins {
  /** No model: the row is zero. */
  static final int ZEROS = -1;

  /** Less the number of the means that it is one of. */
  static final int MEANS = -2;

  private static final int NONE = -1;

  private final List<Member> members;
  private final OptionalInt base;
  private final List<String> tokens;
  private final int[][] rows; // by member and id; NONE where it has no such token
  private final int[] otherOwner; // of a model that lacks the token
  private final int[] otherRow;
  private final BitSet forced = new BitSet();
  private final Map<List<Integer>, MeanRows> means = new LinkedHashMap<>();
  private final List<String> homeless = new ArrayList<>();

  /**
   * Rows that are means of those of the same models.
   *
   * @param number among all such
   * @param owners places of the models, in order
   * @param ids of the tokens, in the order of the rows
   */
  record MeanRows(int number, List<Integer> owners, List<Integer> ids) {}

  /**
   * Of a merge.
   *
   * @param base the place of the model whose row counts where several could
   * @param choices what the recipe says of single tokens, by their text
   */
  RowOrigins(
      List<Member> members,
      OptionalInt base,
      OutputTokens output,
      Map<String, TokenChoice> choices,
      ChosenRows chosen) {
    this.members = members;
    this.base = base;
    this.tokens = output.all();
    this.rows = new int[members.size()][tokens.size()];
    this.otherOwner = new int[tokens.size()];
    this.otherRow = new int[tokens.size()];
    for (int id = 0; id < tokens.size(); id++) {
      TokenChoice choice = choices.get(tokens.get(id));
      look(id);
      if (choice != null && choice.row().isPresent()) {
        forced.set(id, choice.isForced());
        choose(id, chosen.row(tokens.get(id), choice));
      } else {
        inherit(id);
      }
    }
  }

  private void look(int id) {
    for (int member = 0; member < rows.length; member++) {
      rows[member][id] = members.get(member).row(tokens.get(id)).orElse(NONE);
    }
  }

  private void choose(int id, ChosenRows.Row row) {
    otherOwner[id] = row.owner();
    otherRow[id] = row.row();
  }

  /** The row of whoever lacks a token that the recipe says nothing of. */
  private void inherit(int id) {
    List<Integer> owners = new ArrayList<>();
    for (int member = 0; member < rows.length; member++) {
      if (rows[member][id] != NONE) {
        owners.add(member);
      }
    }
    if (owners.size() == rows.length) {
      return; // nobody lacks it
    }
    if (owners.isEmpty()) {
      homeless.add(tokens.get(id));
      otherOwner[id] = ZEROS;
    } else if (owners.size() == 1) {
      take(id, owners.get(0));
    } else if (base.isPresent() && owners.contains(base.getAsInt())) {
      take(id, base.getAsInt());
    } else {
      MeanRows rowsOfMeans =
          means.computeIfAbsent(
              owners, any -> new MeanRows(means.size(), owners, new ArrayList<>()));
      otherOwner[id] = MEANS - rowsOfMeans.number();
      otherRow[id] = rowsOfMeans.ids().size();
      rowsOfMeans.ids().add(id);
    }
  }

  private void take(int id, int owner) {
    otherOwner[id] = owner;
    otherRow[id] = rows[owner][id];
  }

  /** Whose row a model has for a token: that of the model in this place, means, or zeros. */
  int owner(int member, int id) {
    return hasOwn(member, id) ? member : otherOwner[id];
  }

  /** Which row of those that is. */
  int row(int member, int id) {
    return hasOwn(member, id) ? rows[member][id] : otherRow[id];
  }

  private boolean hasOwn(int member, int id) {
    return rows[member][id] != NONE && !forced.get(id);
  }

  /** The row that a model has by itself for a token. */
  int own(int member, int id) {
    return rows[member][id];
  }

  /** The means that are needed. */
  List<MeanRows> means() {
    return List.copyOf(means.values());
  }

  /** Tokens that no model has a row for, and of which the recipe does not say where it is from. */
  List<String> homeless() {
    return homeless;
  }

  int tokens() {
    return tokens.size();
  }
}
