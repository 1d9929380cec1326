// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>The final responses other than 2xx that the branches of a request brought, until one of them goes back (RFC 3261 §16.7 item 6).</summary>
internal sealed class FinalResponses
{
    private readonly List<SipResponse> _responses = [];

    /// <summary>The status of the best of them; null when there is none.</summary>
    public int? BestStatus => BestResponse.Of(_responses)?.StatusCode;

    /// <summary>Whether each of them is of that kind; so it is when there is none.</summary>
    public bool AreAll(Func<int, bool> kind) => _responses.TrueForAll(response => kind(response.StatusCode));

    /// <summary>Keeps one; it belongs to this collection now.</summary>
    public void Add(SipResponse response) => _responses.Add(response);

    /// <summary>The best of them, to be sent: with the challenges of the others where it is one (item 7). There is one.</summary>
    public SipResponse TakeBest(MessageEdit edit, MessagePool pool)
    {
        SipResponse best = BestResponse.Of(_responses) ?? throw new InvalidOperationException("There is no response.");
        if (BestResponse.ChallengesBeside(best, _responses) is not { Count: > 0 } challenges)
        {
            _responses.Remove(best);
            return best;
        }

        edit.Begin(best);
        foreach ((HeaderName name, string value) in challenges)
        {
            edit.Append(name, value);
        }

        return edit.BuildResponse(pool);
    }

    /// <summary>Lets go of them.</summary>
    public void Clear()
    {
        foreach (SipResponse response in _responses)
        {
            response.Dispose();
        }

        _responses.Clear();
    }
}
