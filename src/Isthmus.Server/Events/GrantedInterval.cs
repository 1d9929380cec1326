// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>How long a subscription or a publication is to live (RFC 6665 §4.2.1.1, RFC 3903 §6 step 4).</summary>
internal sealed class GrantedInterval(PresenceOptions options)
{
    private const int NeverTooBrief = 3600;

    private readonly int _least = (int)options.MinExpires.TotalSeconds;
    private readonly int _most = (int)options.MaxExpires.TotalSeconds;

    /// <summary>The value of Min-Expires.</summary>
    public int Least => _least;

    /// <summary>The seconds that are granted; null: too few were asked for.</summary>
    public int? For(SipRequest request)
    {
        int asked = request.Expires ?? _most;
        return asked > 0 && asked < NeverTooBrief && asked < _least ? null : Math.Min(asked, _most);
    }
}
