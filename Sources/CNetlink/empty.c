#include "netlink_constants.h"
