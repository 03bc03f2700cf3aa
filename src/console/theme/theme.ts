/** Fits the controls of the library to the tokens. Never sets a colour of its own: those are in tokens.css. */
import { Button, type CSSVariablesResolver, createTheme, Input, type MantineColorsTuple } from '@mantine/core';
import { texts } from '../texts/texts.ts';

const BLUE: MantineColorsTuple = [
  '#e4ecfd',
  '#cfdcfb',
  '#b3c8f8',
  '#82aaff',
  '#5c8af2',
  '#3b6fe8',
  '#2a5fe0',
  '#1d4ed8',
  '#1a43b8',
  '#163896',
];

/** By night the library draws with these: text, borders, grounds, as in tokens.css. */
const NIGHT: MantineColorsTuple = [
  '#e6e9ee',
  '#c9cfd8',
  '#a0a9b6',
  '#6b7482',
  '#3c4552',
  '#2a313b',
  '#1d222a',
  '#171b21',
  '#101318',
  '#0b0e12',
];

export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  primaryColor: 'blue',
  primaryShade: { light: 7, dark: 3 },
  respectReducedMotion: true,
  colors: { blue: BLUE, dark: NIGHT },
  defaultRadius: 6,
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '20px', xl: '20px' },
  headings: { fontWeight: '600' },
  components: {
    Button: Button.extend({
      defaultProps: { size: 'xs' },
      vars: (_theme, { variant = 'filled', color }) => ({
        root: variant === 'filled' && color === undefined ? { '--button-color': 'var(--on-accent)' } : {},
      }),
    }),
    InputWrapper: Input.Wrapper.extend({
      vars: () => ({ label: {}, error: {}, success: {}, description: { '--input-description-size': '12px' } }),
    }),
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'xs' } },
    MultiSelect: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true, maw: 360 } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: { defaultProps: { centered: true, closeButtonProps: { 'aria-label': texts.actions.close } } },
    Drawer: { defaultProps: { position: 'right', closeButtonProps: { 'aria-label': texts.actions.close } } },
  },
});

const TOKENS = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-placeholder': 'var(--muted)',
  '--mantine-color-error': 'var(--over)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-blue-filled': 'var(--accent)',
  '--mantine-color-anchor': 'var(--accent)',
};

/** What the library draws takes its colours from the tokens, by day and by night. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: TOKENS, dark: TOKENS });
