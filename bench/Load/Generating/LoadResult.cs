// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What came of a run.</summary>
internal sealed class LoadResult
{
    public long Completed { get; set; }

    public long Failed { get; set; }

    /// <summary>Of <see cref="Failed"/>: without a final response in time.</summary>
    public long TimedOut { get; set; }

    /// <summary>Calls that an open loop did not begin, since too many were in flight.</summary>
    public long NotBegun { get; set; }

    /// <summary>Requests and 200s that were sent again.</summary>
    public long Repeated { get; set; }

    /// <summary>Calls whose ACK never came: neither before the BYE nor after it.</summary>
    public long MissingAcks { get; set; }

    /// <summary>Messages that belong to no call, or to one that is over.</summary>
    public long Strays { get; set; }

    /// <summary>Final responses of each status that failed a call.</summary>
    public SortedDictionary<int, long> Refusals { get; } = [];

    public TimeSpan Elapsed { get; set; }

    /// <summary>The longest time between two looks of the generator, which never sleeps: beyond some milliseconds the machine did something else.</summary>
    public TimeSpan LongestPause { get; set; }

    /// <summary>From a call's begin until it was answered.</summary>
    public ResponseTimes Times { get; } = new();

    public double Rate => Elapsed > TimeSpan.Zero ? Completed / Elapsed.TotalSeconds : 0;

    /// <summary>Whether all that began was done as it should; a figure of anything else means nothing.</summary>
    public bool IsGood => Completed > 0 && Failed == 0 && NotBegun == 0 && MissingAcks == 0;

    /// <summary>What went wrong, in words; empty when nothing did.</summary>
    public string Faults
    {
        get
        {
            var parts = new List<string>();
            if (Completed == 0)
            {
                parts.Add("no call was completed");
            }

            if (Failed > 0)
            {
                string refusals = string.Join(", ", Refusals.Select(pair => $"{pair.Value} × {pair.Key}"));
                parts.Add($"{Failed} of {Failed + Completed} calls failed ({string.Join(", ", new[] { refusals, $"{TimedOut} without an answer" }.Where(text => text.Length > 0))})");
            }

            if (NotBegun > 0)
            {
                parts.Add($"{NotBegun} calls could not begin: too many were in flight");
            }

            if (MissingAcks > 0)
            {
                parts.Add($"{MissingAcks} ACKs are missing");
            }

            return string.Join("; ", parts);
        }
    }
}
