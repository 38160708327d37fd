/* Texts and numbers for the ear: what a voice would stumble over is spelled or left out. */
#pragma once
#include "base/buffer.h"
#include "responses/book.h"

/* "FR-30118" is "F R, 3 0 1, 1 8": one by one in groups of three, the last of two to four. Over 12
 * characters, or last4: only the last four. */
void spoken_reference(const char *reference, bool last4, struct buffer *out);

/* Whole sentences, whoever wrote them: links, emoji and signs that belong to no sentence go (& < > * # _ ~ ^
 * ` | \ [ ] { }), but for those `kept`. */
void spoken_clean(const char *text, const char *kept, struct buffer *out);

/* Free text of data: symbols and links go, words of the language's table are said as it has them. */
void spoken_text(const char *text, const struct language *language, struct buffer *out);
