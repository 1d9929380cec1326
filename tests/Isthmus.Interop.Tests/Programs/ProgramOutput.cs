// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.RegularExpressions;

namespace Isthmus.Interop.Tests.Programs;

/// <summary>The lines that a program wrote so far, and waiting for one that is still to come.</summary>
internal sealed partial class ProgramOutput
{
    private const int MostLines = 50_000;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    /// <summary>Everything so far, for a failure message.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>How many lines there are: a place from where to search what comes next.</summary>
    public int Position
    {
        get
        {
            lock (_lock)
            {
                return _lines.Count;
            }
        }
    }

    public int Count(Regex pattern, int from = 0)
    {
        lock (_lock)
        {
            return _lines.Skip(from).Count(pattern.IsMatch);
        }
    }

    /// <summary>The first match at or after line <paramref name="from"/>; null when the program ended, or the time, without one.</summary>
    public async Task<Match?> FindAsync(Regex pattern, int from, TimeSpan within)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                for (; from < _lines.Count; from++)
                {
                    if (pattern.Match(_lines[from]) is { Success: true } match)
                    {
                        return match;
                    }
                }

                if (_ended)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    /// <summary>Reads until the stream ends. A carriage return ends a line too: programs redraw their status with it.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            foreach (var character in buffer.AsSpan(0, count))
            {
                if (character is not ('\r' or '\n'))
                {
                    line.Append(character);
                }
                else if (line.Length > 0)
                {
                    Add(line.ToString());
                    line.Clear();
                }
            }
        }

        if (line.Length > 0)
        {
            Add(line.ToString());
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Wake();
        }
    }

    private void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count < MostLines)
            {
                _lines.Add(Colours().Replace(line, ""));
            }

            Wake();
        }
    }

    private void Wake()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Colours();
}
