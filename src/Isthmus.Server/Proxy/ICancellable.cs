// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>Who has taken an INVITE and will answer it: the tag of its server transaction.</summary>
internal interface ICancellable
{
    /// <summary>The caller gave up (RFC 3261 §16.10). On the owner of the conversation.</summary>
    void Cancel();
}
