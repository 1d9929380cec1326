// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>Holds back what arrives while the listeners are being opened: nobody is served before all of them are known.</summary>
internal sealed class StartGate
{
    private readonly object _lock = new();
    private volatile bool _open;

    public void Open()
    {
        lock (_lock)
        {
            _open = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Returns at once when the gate is open, else when it is.</summary>
    public void Pass()
    {
        if (_open)
        {
            return;
        }
        lock (_lock)
        {
            while (!_open)
            {
                Monitor.Wait(_lock);
            }
        }
    }
}
