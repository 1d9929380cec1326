// SPDX-License-Identifier: Apache-2.0
using Isthmus.Bodies;
using Isthmus.Sip.Stack;

namespace Isthmus.Phone;

/// <summary>Who is writing to us just now, as far as they say (RFC 3994 §3.3). Safe for any thread.</summary>
internal sealed class Composers(PhoneContext phone)
{
    /// <summary>Of how many at a time it is known; of a further one nothing is said.</summary>
    public const int Most = 256;

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, WheelTimer> _active = new(StringComparer.Ordinal);

    /// <summary>What somebody says about writing to us.</summary>
    public void Heard(string from, IsComposing state)
    {
        if (!state.Active)
        {
            Stopped(from);
            return;
        }

        var refresh = state.RefreshSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : Usual;
        bool isNews;
        lock (_gate)
        {
            isNews = !_active.Remove(from, out var timer);
            if (isNews && _active.Count == Most)
            {
                return;
            }

            timer.Cancel();
            _active[from] = phone.Stack.Timers.Schedule(refresh < Longest ? refresh : Longest, _ => Stopped(from), null);
        }

        if (isNews)
        {
            phone.Publish(new ComposingChanged(from, true));
        }
    }

    /// <summary>The message came, or the writing was given up.</summary>
    public void Stopped(string from)
    {
        lock (_gate)
        {
            if (!_active.Remove(from, out var timer))
            {
                return;
            }

            timer.Cancel();
        }

        phone.Publish(new ComposingChanged(from, false));
    }
}
