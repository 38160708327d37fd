/* Who works at the desk, and who is signed in there. */
#pragma once
#include "db/store.h"

enum staff_role { STAFF_AGENT, STAFF_MANAGER };
const char *staff_role_name(enum staff_role role); /* agent | manager */
bool staff_role_named(const char *name, enum staff_role *role);

struct staff {
    const char *name; /* signs in with it; customers read it */
    enum staff_role role;
    const char *shop;     /* "" all */
    const char *password; /* as password_keep writes it */
    int64_t added_ms;
};

enum found store_staff(struct store *store, const char *name, struct arena *arena, struct staff *out,
                       struct error *err);
enum found store_staff_all(struct store *store, struct arena *arena, struct staff **out, int *count,
                           struct error *err);
/* False + error: there is one of this name already. */
bool store_staff_add(struct store *store, const struct staff *staff, struct error *err);
/* Both end the sessions of that name. MISSING: there is nobody of this name. */
enum found store_staff_password(struct store *store, const char *name, const char *password,
                                struct error *err);
enum found store_staff_remove(struct store *store, const char *name, struct error *err);

/* A session is known by the hash of what its cookie holds. */
bool store_session_begin(struct store *store, const char *hash, const char *name, int64_t now_ms,
                         int64_t expires_ms, struct error *err); /* forgets those that are over */
enum found store_session(struct store *store, const char *hash, int64_t now_ms, struct arena *arena,
                         struct staff *out, struct error *err);
bool store_session_end(struct store *store, const char *hash, struct error *err);
