/* What started the service, when it wants to hear of it: systemd's protocol of one datagram a message
 * (sd_notify(3)), spoken here because its library would bring six others. */
#pragma once

/* "READY=1", "WATCHDOG=1", "STOPPING=1". Without a supervisor (no $NOTIFY_SOCKET) this does nothing. */
void supervisor_tell(const char *message);
