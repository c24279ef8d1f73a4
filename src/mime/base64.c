#include "base64.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdbool.h>

enum { PIECE = 32, PIECE_BYTES = 24 };

#define AVX2 __attribute__((target("avx2")))

/* Sixteen bytes, by the upper half of a character. */
#define BY_UPPER(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))

/*
 * Characters to their six bits; false if one of them has none. The upper half
 * says between what a character must be and how far it is from its value; it
 * does so for '/', beside which '+' stands apart.
 */
AVX2 static inline bool
values(__m256i c, __m256i *ret)
{
	const __m256i least = BY_UPPER(127, 127, '/', '0', 'A', 'P', 'a', 'p',
				       127, 127, 127, 127, 127, 127, 127, 127);
	const __m256i most = BY_UPPER(0, 0, '/', '9', 'O', 'Z', 'o', 'z', 0, 0,
				      0, 0, 0, 0, 0, 0);
	const __m256i shift =
		BY_UPPER(0, 0, 63 - '/', 52 - '0', 0 - 'A', 0 - 'A', 26 - 'a',
			 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0);
	__m256i upper = _mm256_and_si256(_mm256_srli_epi32(c, 4),
					 _mm256_set1_epi8(0x0F));
	__m256i plus = _mm256_cmpeq_epi8(c, _mm256_set1_epi8('+'));
	__m256i out = _mm256_or_si256(
		_mm256_cmpgt_epi8(_mm256_shuffle_epi8(least, upper), c),
		_mm256_cmpgt_epi8(c, _mm256_shuffle_epi8(most, upper)));

	c = _mm256_add_epi8(c, _mm256_shuffle_epi8(shift, upper));
	*ret = _mm256_add_epi8(
		c, _mm256_and_si256(plus,
				    _mm256_set1_epi8(62 - '+' - (63 - '/'))));
	return _mm256_testc_si256(plus, out);
}

/* Four values to one number of 24 bits, its bytes in order; twelve bytes in
 * front of each half. */
AVX2 static inline __m256i
pack(__m256i v)
{
	const __m256i order = _mm256_setr_epi8(
		2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2, 1, 0,
		6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);

	v = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
	v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000));
	return _mm256_shuffle_epi8(v, order);
}

AVX2 static size_t
pieces(const unsigned char *p, size_t n, unsigned char *out, size_t room)
{
	size_t at = 0;
	__m256i v;

	for (; n - at >= PIECE && room >= PIECE_BYTES + MIME_BASE64_BEHIND;
	     at += PIECE) {
		if (!values(_mm256_loadu_si256((const void *)(p + at)), &v))
			break;
		v = pack(v);
		_mm_storeu_si128((void *)out, _mm256_castsi256_si128(v));
		_mm_storeu_si128((void *)(out + PIECE_BYTES / 2),
				 _mm256_extracti128_si256(v, 1));
		out += PIECE_BYTES;
		room -= PIECE_BYTES;
	}
	return at;
}

size_t
mime_base64_pieces(const unsigned char *p, size_t n, unsigned char *out,
		   size_t room)
{
	return __builtin_cpu_supports("avx2") ? pieces(p, n, out, room) : 0;
}

#else

size_t
mime_base64_pieces(const unsigned char *p, size_t n, unsigned char *out,
		   size_t room)
{
	(void)p;
	(void)n;
	(void)out;
	(void)room;
	return 0;
}

#endif
