// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>Chooses among the final responses of a request's branches (RFC 3261 §16.7 item 6).</summary>
internal static class BestResponse
{
    /// <summary>The best of the candidates: a 6xx if there is one, else the lowest class, in it the most useful one; null when there is none.</summary>
    public static SipResponse? Of(IReadOnlyList<SipResponse> candidates)
    {
        SipResponse? best = null;
        for (int i = 0; i < candidates.Count; i++)
        {
            if (best is null || Rank(candidates[i]) < Rank(best))
            {
                best = candidates[i];
            }
        }

        return best;
    }

    /// <summary>The challenges that the chosen 401 or 407 must carry besides its own (RFC 3261 §16.7 item 7).</summary>
    public static IReadOnlyList<(HeaderName Name, string Value)> ChallengesBeside(SipResponse chosen, IReadOnlyList<SipResponse> candidates)
    {
        if (!IsChallenge(chosen) || candidates.Count == 1)
        {
            return [];
        }

        var challenges = new List<(HeaderName Name, string Value)>();
        foreach (SipResponse other in candidates)
        {
            if (ReferenceEquals(other, chosen) || !IsChallenge(other))
            {
                continue;
            }

            foreach (HeaderField field in other.Headers)
            {
                if (field.Name is HeaderName.WwwAuthenticate or HeaderName.ProxyAuthenticate)
                {
                    challenges.Add((field.Name, field.Text));
                }
            }
        }

        return challenges;
    }

    private static bool IsChallenge(SipResponse response) => response.StatusCode is 401 or 407;

    // Lower is better: the class first, then what the caller can do something about, then the rest in the order of arrival.
    private static int Rank(SipResponse response)
    {
        int statusClass = response.StatusCode / 100;
        int preference = response.StatusCode switch
        {
            401 or 407 => 0,
            415 or 420 or 484 => 1,
            488 => 2,
            // An offline or a cancelled device says less than one that answered.
            408 or 480 => 8,
            487 => 9,
            503 => 9,
            _ => 5,
        };
        return statusClass == 6 ? 0 : (statusClass * 10) + preference;
    }
}
