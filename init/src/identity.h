#ifndef CONTREE_IDENTITY_H
#define CONTREE_IDENTITY_H

#include "request.h"
#include "user.h"

/* Finds who the process is to be, and adds to its environment what the image says of that user. */
void identity_find(const struct request *request, struct user *user);

/* Becomes that user, to whom the standard streams belong from now on, and tells init so. */
void identity_take(const struct user *user);

/* The value of a variable, NULL where there is none. */
const char *value_of(char *const *env, const char *name);

#endif
