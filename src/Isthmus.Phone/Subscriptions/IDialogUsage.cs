// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>A dialog that is no call: a subscription, by either side.</summary>
internal interface IDialogUsage
{
    string CallId { get; }

    /// <summary>Our own tag.</summary>
    string LocalTag { get; }

    /// <summary>A request with our tag.</summary>
    void OnRequest(ServerTransaction transaction);
}
