// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Which phones: those that call, or those that are called. The value is the second octet of their IPv4 addresses.</summary>
internal enum PhoneRole
{
    Caller = 101,
    Callee = 102,
}
