// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>Names a call in the table, so that its place need not be looked for. A call that left the table is not confused with the next one in its place.</summary>
internal readonly record struct ListedCall(CallEntry? Entry, long Number);
