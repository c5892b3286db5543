// Natives that make, view and close columns, scalars and tables.
#include <cstring>

#include "host.hpp"

using namespace host;

#define NATIVE(result, name) extern "C" JNIEXPORT result JNICALL Java_ai_rapids_cudf_##name

namespace {

jlong copy(const View& from) {
  Made made(from.type, from.rows);
  std::memcpy(made.data, from.data, made.rows * size_of(made.type));
  return made.handle();
}

template <typename T>
jlong made_scalar(JNIEnv* env, int type, T value, jboolean is_valid) {
  return guarded(env, [&]() -> jlong {
    require(is_valid, "a null");
    return new_scalar(type, &value);
  });
}

template <typename T>
T value(JNIEnv* env, jlong handle) {
  return guarded(env, [&]() -> T {
    T read;
    require(size_of(scalar(handle).type) == sizeof(T), "a scalar is read as another type");
    std::memcpy(&read, scalar(handle).data, sizeof read);
    return read;
  });
}

}  // namespace

NATIVE(jlong, ColumnView_makeCudfColumnView)
(JNIEnv* env, jclass, jint type, jint, jlong data, jlong bytes, jlong offsets, jlong valid, jint nulls, jint rows,
 jlongArray) {
  return guarded(env, [&]() -> jlong {
    require(offsets == 0 && valid == 0 && nulls == 0, "a column with nulls or offsets");
    require(bytes >= static_cast<int64_t>(rows) * size_of(type), "a column's data is too short");
    return new_view(View{type, reinterpret_cast<uint8_t*>(data), rows});
  });
}
NATIVE(void, ColumnView_deleteColumnView)(JNIEnv* env, jclass, jlong handle) {
  guarded(env, [&] { drop(handle, "view"); });
}
NATIVE(jint, ColumnView_getNativeTypeId)(JNIEnv* env, jclass, jlong handle) {
  return guarded(env, [&]() -> jint { return view(handle).type; });
}
NATIVE(jint, ColumnView_getNativeTypeScale)(JNIEnv*, jclass, jlong) { return 0; }
NATIVE(jint, ColumnView_getNativeRowCount)(JNIEnv* env, jclass, jlong handle) {
  return guarded(env, [&]() -> jint { return view(handle).rows; });
}
NATIVE(jint, ColumnView_getNativeNullCount)(JNIEnv*, jclass, jlong) { return 0; }
NATIVE(jint, ColumnView_getNativeNumChildren)(JNIEnv*, jclass, jlong) { return 0; }
NATIVE(jlong, ColumnView_getNativeDataAddress)(JNIEnv* env, jclass, jlong handle) {
  return guarded(env, [&]() -> jlong {
    View of = view(handle);
    if (of.rows == 0) return 0;
    // cudf adds the offset to the column's address as if its elements had one byte
    return reinterpret_cast<jlong>(of.data - static_cast<int64_t>(of.offset) * size_of(of.type) + of.offset);
  });
}
NATIVE(jlong, ColumnView_getNativeDataLength)(JNIEnv* env, jclass, jlong handle) {
  return guarded(env, [&]() -> jlong { return static_cast<jlong>(view(handle).rows) * size_of(view(handle).type); });
}
NATIVE(jlong, ColumnView_getNativeOffsetsAddress)(JNIEnv*, jclass, jlong) { return 0; }
NATIVE(jlong, ColumnView_getNativeOffsetsLength)(JNIEnv*, jclass, jlong) { return 0; }
NATIVE(jlong, ColumnView_getNativeValidityAddress)(JNIEnv*, jclass, jlong) { return 0; }
NATIVE(jlong, ColumnView_getNativeValidityLength)(JNIEnv*, jclass, jlong) { return 0; }
NATIVE(jlong, ColumnView_copyColumnViewToCV)(JNIEnv* env, jclass, jlong handle) {
  return guarded(env, [&]() -> jlong {
    operation();
    return copy(view(handle));
  });
}

NATIVE(jlong, ColumnView_bitCastTo)(JNIEnv* env, jclass, jlong handle, jint type, jint) {
  return guarded(env, [&]() -> jlong {
    View from = view(handle);
    require(size_of(from.type) == size_of(type), "a bit cast between types of different sizes");
    return new_view(View{type, from.data, from.rows, from.offset});
  });
}

NATIVE(jlongArray, ColumnView_split)(JNIEnv* env, jclass, jlong handle, jintArray indices) {
  return guarded(env, [&]() -> jlongArray {
    View from = view(handle);
    jsize count = env->GetArrayLength(indices);
    std::vector<jint> ends(count);
    env->GetIntArrayRegion(indices, 0, count, ends.data());
    ends.push_back(from.rows);
    std::vector<jlong> parts;
    jint begin = 0;
    for (jint end : ends) {
      require(begin <= end && end <= from.rows, "a split that is not in order, or out of bounds");
      parts.push_back(new_view(View{from.type, from.data + static_cast<int64_t>(begin) * size_of(from.type),
                                    end - begin, from.offset + begin}));
      begin = end;
    }
    jlongArray result = env->NewLongArray(parts.size());
    env->SetLongArrayRegion(result, 0, parts.size(), parts.data());
    return result;
  });
}

NATIVE(void, ColumnVector_deleteCudfColumn)(JNIEnv* env, jclass, jlong handle) {
  guarded(env, [&] { drop(handle, "column"); });
}
NATIVE(jlong, ColumnVector_getNativeColumnView)(JNIEnv* env, jclass, jlong handle) {
  return guarded(env, [&]() -> jlong { return new_view(column(handle).view); });
}
NATIVE(jint, ColumnVector_getNativeNullCountColumn)(JNIEnv*, jclass, jlong) { return 0; }
NATIVE(void, ColumnVector_setNativeNullCountColumn)(JNIEnv*, jclass, jlong, jint) {}

NATIVE(jlong, ColumnVector_fromScalar)(JNIEnv* env, jclass, jlong handle, jint rows) {
  return guarded(env, [&]() -> jlong {
    operation();
    Scalar of = scalar(handle);
    Made made(of.type, rows);
    int size = size_of(of.type);
    for (int64_t i = 0; i < rows; i++) std::memcpy(made.data + i * size, of.data, size);
    return made.handle();
  });
}

NATIVE(jlong, ColumnVector_sequence)(JNIEnv* env, jclass, jlong first, jlong step, jint rows) {
  return guarded(env, [&]() -> jlong {
    operation();
    require(step == 0, "a sequence with a step");
    Scalar start = scalar(first);
    Made made(start.type, rows);
    with_type(start.type, [&](auto it) {
      using T = decltype(it);
      if constexpr (std::is_same_v<T, bool>) {
        throw std::logic_error("a sequence of booleans");
      } else {
        T begin;
        std::memcpy(&begin, start.data, sizeof begin);
        for (int64_t i = 0; i < rows; i++) made.as<T>()[i] = static_cast<T>(begin + static_cast<T>(i));
      }
      return 0;
    });
    return made.handle();
  });
}

NATIVE(jlong, ColumnVector_concatenate)(JNIEnv* env, jclass, jlongArray handles) {
  return guarded(env, [&]() -> jlong {
    operation();
    std::vector<jlong> all(env->GetArrayLength(handles));
    env->GetLongArrayRegion(handles, 0, all.size(), all.data());
    int type = view(all[0]).type;
    int64_t rows = 0;
    for (jlong handle : all) {
      require(view(handle).type == type, "columns of different types are concatenated");
      rows += view(handle).rows;
    }
    Made made(type, rows);
    uint8_t* at = made.data;
    for (jlong handle : all) {
      View part = view(handle);
      int64_t bytes = static_cast<int64_t>(part.rows) * size_of(type);
      std::memcpy(at, part.data, bytes);
      at += bytes;
    }
    return made.handle();
  });
}

NATIVE(jlong, Table_createCudfTableView)(JNIEnv* env, jclass, jlongArray handles) {
  return guarded(env, [&]() -> jlong {
    std::vector<jlong> all(env->GetArrayLength(handles));
    env->GetLongArrayRegion(handles, 0, all.size(), all.data());
    std::vector<View> columns;
    for (jlong handle : all) {
      columns.push_back(view(handle));
      require(columns[0].rows == columns.back().rows, "a table of columns of different lengths");
    }
    return new_table(columns);
  });
}
NATIVE(void, Table_deleteCudfTable)(JNIEnv* env, jclass, jlong handle) {
  guarded(env, [&] { drop(handle, "table"); });
}

NATIVE(void, Scalar_closeScalar)(JNIEnv* env, jclass, jlong handle) {
  guarded(env, [&] { drop(handle, "scalar"); });
}
NATIVE(jboolean, Scalar_isScalarValid)(JNIEnv* env, jclass, jlong handle) {
  return guarded(env, [&]() -> jboolean { return scalar(handle).data != nullptr; });
}
NATIVE(jlong, Scalar_getLong)(JNIEnv* env, jclass, jlong handle) { return value<jlong>(env, handle); }
NATIVE(jint, Scalar_getInt)(JNIEnv* env, jclass, jlong handle) { return value<jint>(env, handle); }
NATIVE(jlong, Scalar_makeBool8Scalar)(JNIEnv* env, jclass, jboolean it, jboolean ok) {
  return made_scalar(env, BOOL8, static_cast<bool>(it), ok);
}
NATIVE(jlong, Scalar_makeUint8Scalar)(JNIEnv* env, jclass, jbyte it, jboolean ok) {
  return made_scalar(env, UINT8, it, ok);
}
NATIVE(jlong, Scalar_makeUint16Scalar)(JNIEnv* env, jclass, jshort it, jboolean ok) {
  return made_scalar(env, UINT16, it, ok);
}
NATIVE(jlong, Scalar_makeInt32Scalar)(JNIEnv* env, jclass, jint it, jboolean ok) {
  return made_scalar(env, INT32, it, ok);
}
NATIVE(jlong, Scalar_makeUint32Scalar)(JNIEnv* env, jclass, jint it, jboolean ok) {
  return made_scalar(env, UINT32, it, ok);
}
NATIVE(jlong, Scalar_makeInt64Scalar)(JNIEnv* env, jclass, jlong it, jboolean ok) {
  return made_scalar(env, INT64, it, ok);
}
NATIVE(jlong, Scalar_makeUint64Scalar)(JNIEnv* env, jclass, jlong it, jboolean ok) {
  return made_scalar(env, UINT64, it, ok);
}
NATIVE(jlong, Scalar_makeFloat32Scalar)(JNIEnv* env, jclass, jfloat it, jboolean ok) {
  return made_scalar(env, FLOAT32, it, ok);
}
NATIVE(jlong, Scalar_makeFloat64Scalar)(JNIEnv* env, jclass, jdouble it, jboolean ok) {
  return made_scalar(env, FLOAT64, it, ok);
}
